import { Input } from "../fields/input.js";
import type { Value } from "../fields/value.js";
import { checkConstant } from "../framing/constant-check.js";
import type { ResolvedItem } from "./frame-item.js";
import type { FrameShape } from "./frame-shape.js";
import { WireFault } from "./wire-fault.js";

/** What stands around a body that was read; one object is used for all messages. */
export interface ReadFrame {
  /** What the header says of the message's type; undefined when it does not. */
  type: Value | undefined;
  /** Values of header and trailer, in their order. */
  readonly values: Value[];
  bodyStart: number;
  bodyEnd: number;
}

/** Reads what is around the body. Throws a `WireFault` when it is not as it must be. */
export function frameReader(
  shape: FrameShape,
): (bytes: Buffer, start: number, end: number) => ReadFrame {
  const input = new Input();
  const frame: ReadFrame = { type: undefined, values: [], bodyStart: 0, bodyEnd: 0 };
  const sums: { item: Extract<ResolvedItem, { role: "checksum" }>; at: number; value: Value }[] =
    [];

  function readItem(item: ResolvedItem): void {
    const { at } = input;
    if (item.role === "constant") {
      if (at + item.bytes.length > input.end) throw new WireFault("a message that is too short");
      checkConstant(item, input.bytes, at);
      input.at = at + item.bytes.length;
      return;
    }
    const value = item.codec.read(input);
    if (value === undefined) {
      throw new WireFault(`a message without a readable ${item.name.replaceAll("_", " ")}`);
    }
    if (item.role === "type") frame.type = value;
    else if (item.role === "value") frame.values.push(value);
    else if (item.role === "checksum") sums.push({ item, at, value });
  }

  return (bytes, start, end) => {
    input.bytes = bytes;
    input.at = start;
    input.end = end - shape.trailerWidth;
    frame.values.length = 0;
    sums.length = 0;
    for (const item of shape.header) readItem(item);
    frame.bodyStart = input.at;
    if (input.at > input.end) throw new WireFault("a message that is too short");
    frame.bodyEnd = input.end;
    input.at = input.end;
    input.end = end;
    for (const item of shape.trailer) readItem(item);
    for (const { item, at, value } of sums) {
      const next = at + (item.codec.width ?? 0);
      const from = { before: start, after: next, body: frame.bodyStart }[item.covers];
      const to = { before: at, after: end, body: frame.bodyEnd }[item.covers];
      if (item.sum(bytes, from, to) !== value)
        throw new WireFault("a message with a wrong checksum");
    }
    return frame;
  };
}
