import { type Message, parameterEntry } from "./messages.js";

const BARE = /^[^\s"\\]+$/u;

/**
 * A message as people read it, such as
 * `REAUTHORISE_ALL_SERVICES transaction=42 smartcard_ca_id=000123456789 subscription_number=S-1`.
 * PINs and passwords are `****`; a text that is empty or has spaces, quotes or backslashes is
 * quoted as in JSON.
 */
export function readableForm(message: Message): string {
  let line: string = message.name;
  for (const [name, value] of message.parameters) {
    line += ` ${name}=${parameterEntry(name).secret ? "****" : readableValue(value)}`;
  }
  return line;
}

function readableValue(value: number | string): string {
  return typeof value === "number" || BARE.test(value) ? `${value}` : JSON.stringify(value);
}
