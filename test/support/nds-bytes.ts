/** Bytes written in hexadecimal, spaces ignored. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

const u16 = (value: number) => value.toString(16).padStart(4, "0");
const u32 = (value: number) => value.toString(16).padStart(8, "0");

/** A parameter from its type and its value, both in hexadecimal. */
export function tlv(type: string, value: string): string {
  return `${type}${u16(hex(value).length)}${value}`;
}

/** A frame from its type and its parameters, all in hexadecimal. */
export function frame(type: string, ...parameters: string[]): Buffer {
  const body = hex(parameters.join(""));
  return Buffer.concat([hex(`01 ${type} ${u16(body.length)}`), body]);
}

const text = (value: string) => Buffer.from(value).toString("hex");

export const transaction = (number: number) => tlv("0001", u32(number));
export const reference = (value: string) => tlv("0030", text(value));
export const errorCode = (code: number) => tlv("0031", u16(code));
export const errorDescription = (value: string) => tlv("0032", text(value));

/** The answer to SESSION_SETUP. */
export const setupStatus = (last: number) => frame("0002", transaction(1), tlv("0034", u32(last)));

/** The answer to SESSION_TEST. */
export const testStatus = (number: number) => frame("0002", transaction(number));

export const sessionTest = (number: number) => frame("0003", transaction(number)).toString("hex");
export const sessionClose = (number: number) => frame("0004", transaction(number)).toString("hex");

export const accepted = (number: number, value = `R7-${number}`) =>
  frame("8001", transaction(number), reference(value));

export const rejected = (number: number, code: number, description = "") =>
  frame("8002", transaction(number), errorCode(code), errorDescription(description));

export const busy = (number: number, milliseconds: number) =>
  frame("8003", transaction(number), tlv("0033", u32(milliseconds)));

/** The transaction of a message that begins with it, as the adapter's must. */
export const transactionOf = (message: Buffer) => message.readUInt32BE(9);
