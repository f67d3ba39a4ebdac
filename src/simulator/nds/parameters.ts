import { isUtf8 } from "node:buffer";

/** One row of the parameter table. */
interface Parameter {
  readonly id: number;
  /** Whether these bytes are a value of this parameter. */
  readonly valid: (value: Buffer) => boolean;
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

const unsigned = (bytes: number) => (value: Buffer) => value.length === bytes;

const every = (low: number, high: number) => (value: Buffer) =>
  value.every((byte) => byte >= low && byte <= high);

const sized = (min: number, max: number, valid: (value: Buffer) => boolean) => (value: Buffer) =>
  value.length >= min && value.length <= max && valid(value);

const visible = every(0x21, 0x7e);
const digits = every(0x30, 0x39);
const utf8 = (value: Buffer) =>
  isUtf8(value) && !value.includes(0) && !value.subarray(0, 3).equals(byteOrderMark);

const setOrReset = (value: Buffer) => value.length === 1 && (value[0] === 1 || value[0] === 2);

const row = (id: number, valid: Parameter["valid"]): Parameter => ({ id, valid });

/** Every parameter of the reference profile that a provider sends. */
export const parameters = {
  transaction: row(0x0001, unsigned(4)),
  source_id: row(0x0002, unsigned(4)),
  password: row(0x0003, sized(1, 64, utf8)),
  slot: row(0x0004, unsigned(2)),
  epoch: row(0x0005, unsigned(4)),
  smartcard_ca_id: row(0x0010, sized(8, 16, digits)),
  subscription_number: row(0x0011, sized(1, 64, utf8)),
  service_ca_id: row(0x0012, sized(1, 32, visible)),
  start: row(0x0013, unsigned(4)),
  end: row(0x0014, unsigned(4)),
  stb_ca_id: row(0x0015, sized(8, 16, digits)),
  pin_operation: row(0x0020, setOrReset),
  pin: row(0x0021, sized(4, 4, digits)),
  text: row(0x0040, sized(1, 512, utf8)),
  duration: row(0x0041, unsigned(2)),
} as const satisfies Record<string, Parameter>;

/** A parameter's name. */
export type ParameterName = keyof typeof parameters;
