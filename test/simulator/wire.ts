/** Hand-made frames, apart from the simulator's own codec: a misreading must not cancel out. */

const hex = (value: number, bytes: number) => value.toString(16).padStart(bytes * 2, "0");

/** A message of parameters that are hex already. */
export function message(type: number, ...parameters: readonly string[]): string {
  const body = parameters.join("");
  return `01${hex(type, 2)}${hex(body.length / 2, 2)}${body}`;
}

export const raw = (type: number, value: string) =>
  `${hex(type, 2)}${hex(value.length / 2, 2)}${value}`;
export const u8 = (type: number, value: number) => raw(type, hex(value, 1));
export const u16 = (type: number, value: number) => raw(type, hex(value, 2));
export const u32 = (type: number, value: number) => raw(type, hex(value, 4));
export const text = (type: number, value: string) => raw(type, Buffer.from(value).toString("hex"));

export const transaction = (value: number) => u32(0x0001, value);
export const card = (value = "000123456789") => text(0x0010, value);

export interface Setup {
  readonly transaction?: number;
  readonly sourceId?: number;
  readonly password?: string;
  readonly slot?: number;
  readonly epoch?: number;
}

export function setup(values: Setup = {}): string {
  return message(
    0x0001,
    transaction(values.transaction ?? 1),
    u32(0x0002, values.sourceId ?? 7),
    text(0x0003, values.password ?? "secret"),
    u16(0x0004, values.slot ?? 0),
    u32(0x0005, values.epoch ?? 1),
  );
}

export const test = (number: number) => message(0x0003, transaction(number));

/** REAUTHORISE_ALL_SERVICES. */
export const reauthorise = (number: number, subscription = "S-1", smartcard = "000123456789") =>
  message(0x0101, transaction(number), card(smartcard), text(0x0011, subscription));

export const status = (number: number, last?: number) =>
  last === undefined
    ? message(0x0002, transaction(number))
    : message(0x0002, transaction(number), u32(0x0034, last));

export const accepted = (number: number, services: readonly string[] = [], source = 7) =>
  message(
    0x8001,
    transaction(number),
    text(0x0030, `R${source}-${number}`),
    ...services.map((service) => text(0x0012, service)),
  );

export const busy = (number: number, retryAfterMs: number) =>
  message(0x8003, transaction(number), u32(0x0033, retryAfterMs));

/** Takes a COMMAND_REJECTED apart; its description is for people and not compared. */
export function rejection(frame: string): { transaction: number; code: number; text: string } {
  const bytes = Buffer.from(frame, "hex");
  const start = "018002";
  if (!frame.startsWith(start)) throw new Error(`not a COMMAND_REJECTED: ${frame}`);
  const layout = [5, 13, 19].map((at) => bytes.readUInt16BE(at));
  if (layout.join() !== "1,49,50") throw new Error(`not its parameters in order: ${frame}`);
  return {
    transaction: bytes.readUInt32BE(9),
    code: bytes.readUInt16BE(17),
    text: bytes.subarray(23, 23 + bytes.readUInt16BE(21)).toString(),
  };
}
