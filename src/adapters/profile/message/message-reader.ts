import type { Value } from "../fields/value.js";
import { type BodyReader, MALFORMED } from "./body-reader.js";
import { frameReader } from "./frame-reader.js";
import type { FrameShape } from "./frame-shape.js";
import type { ReadableLayout } from "./receive-layout.js";
import type { Received, ReceivedValue } from "./received.js";
import { WireFault } from "./wire-fault.js";

/** Reads one message, without the delimiters around it. Throws a `WireFault` for what closes the connection. */
export type MessageReader = (bytes: Buffer, start: number, end: number) => Received;

/** Makes what reads every message of the CA system. `typed` has the layouts by what the header says. */
export function messageReader(
  shape: FrameShape,
  typed: ReadonlyMap<Value | undefined, ReadableLayout>,
  showType: (type: Value) => string,
): MessageReader {
  const readFrame = frameReader(shape);
  return (bytes, start, end) => {
    const frame = readFrame(bytes, start, end);
    const layout = typed.get(frame.type);
    if (layout === undefined) {
      throw new WireFault(`unexpected message type ${showType(frame.type ?? "")}`);
    }
    const { fields, body, framed, correlation } = layout;
    const values: ReceivedValue[] = new Array(fields.length);
    for (let slot = 0; slot < framed; slot += 1) values[slot] = frame.values[slot];
    body.begin(bytes, frame.bodyStart, frame.bodyEnd);
    let unreadable: string | undefined;
    for (let slot = framed; slot < fields.length; slot += 1) {
      const value = body.read(slot - framed);
      if (value === MALFORMED) {
        unreadable = fields[slot]?.name;
        // Nobody may use the rest; only the command that it answers is still looked for.
        if (correlation > slot && body.anyOrder)
          values[correlation] = read(body, correlation - framed);
        break;
      }
      values[slot] = value;
    }
    const known = values[correlation];
    if (known === undefined || typeof known === "object") {
      const name = fields[correlation]?.name ?? "";
      throw new WireFault(`a message without one readable ${name.replaceAll("_", " ")}`);
    }
    return { layout, values, correlation: known, unreadable };
  };
}

function read(body: BodyReader, index: number): ReceivedValue {
  const value = body.read(index);
  return value === MALFORMED ? undefined : value;
}
