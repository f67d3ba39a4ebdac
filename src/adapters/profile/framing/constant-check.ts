import { Input } from "../fields/input.js";
import type { ResolvedItem } from "../message/frame-item.js";
import { WireFault } from "../message/wire-fault.js";

/** Looks at the first bytes of a message, as many as are there. Throws a `WireFault`. */
export type ConstantCheck = (bytes: Buffer, start: number, end: number) => void;

/**
 * Checks the constants at the head of a header as soon as each is there, so that a peer that
 * speaks something else is found out at once, and not after a length that is nonsense.
 */
export function constantCheck(header: readonly ResolvedItem[]): ConstantCheck | undefined {
  const constants: { readonly at: number; readonly item: ConstantItem }[] = [];
  let at = 0;
  for (const item of header) {
    if (item.role === "constant") constants.push({ at, item });
    if (item.codec.width === undefined) break;
    at += item.codec.width;
  }
  if (constants.length === 0) return undefined;
  return (bytes, start, end) => {
    for (const { at: offset, item } of constants) {
      if (end - start < offset + item.bytes.length) return;
      checkConstant(item, bytes, start + offset);
    }
  };
}

type ConstantItem = Extract<ResolvedItem, { role: "constant" }>;

/** Throws a `WireFault` when other bytes stand there. */
export function checkConstant(item: ConstantItem, bytes: Buffer, at: number): void {
  for (let index = 0; index < item.bytes.length; index += 1) {
    if (bytes[at + index] !== item.bytes[index]) throw mismatch(item, bytes, at);
  }
}

function mismatch({ name, codec, bytes: wanted, value }: ConstantItem, bytes: Buffer, at: number) {
  const input = new Input();
  input.bytes = bytes;
  input.at = at;
  input.end = at + wanted.length;
  const read = codec.read(input);
  const found = read === undefined ? "something else" : codec.show(read);
  return new WireFault(`${name.replaceAll("_", " ")} ${found} instead of ${codec.show(value)}`);
}
