import type { FaultSink } from "../format/fault-sink.js";
import type { FramingSection } from "../format/framing-section.js";
import { WireFault } from "../message/wire-fault.js";

type Delimited = Extract<FramingSection, { by: "delimiter" }>;

/** How bytes that mean something else are written inside of a message. */
export interface ByteStuffing {
  /** The bytes of a message as they go over the wire, and where each of them came to stand. */
  stuff(bytes: Buffer): { readonly stuffed: Buffer; readonly places: readonly number[] };
  /** The other way. The bytes are a view that holds until the next call. */
  unstuff(bytes: Buffer, start: number, end: number): Buffer;
}

/** Makes it of a profile's framing; undefined where nothing is escaped. */
export function byteStuffing({
  start = "",
  end,
  escape: rule,
}: Delimited): ByteStuffing | undefined {
  if (rule === undefined) return undefined;
  const by = rule.by.charCodeAt(0);
  const special = new Set([by, ...Buffer.from(start + end, "latin1")]);
  let scratch = Buffer.alloc(0);
  return {
    stuff(bytes) {
      const stuffed: number[] = [];
      const places: number[] = [];
      for (const byte of bytes) {
        places.push(stuffed.length);
        if (special.has(byte)) stuffed.push(by, byte ^ rule.xor);
        else stuffed.push(byte);
      }
      return { stuffed: Buffer.from(stuffed), places: [...places, stuffed.length] };
    },
    unstuff(bytes, from, to) {
      if (scratch.length < to - from) scratch = Buffer.alloc(to - from);
      let length = 0;
      for (let at = from; at < to; at += 1) {
        let byte = bytes[at] as number;
        if (byte === by) {
          at += 1;
          if (at === to) throw new WireFault("a message that ends inside of an escape");
          byte = (bytes[at] as number) ^ rule.xor;
        }
        scratch[length] = byte;
        length += 1;
      }
      return scratch.subarray(0, length);
    },
  };
}

/** Notes what would not come back as it was. */
export function checkStuffing(
  { start = "", end, escape: rule }: Delimited,
  fault: FaultSink,
): void {
  if (rule === undefined) return;
  const at: FaultSink = (path, text) => fault(["framing", ...path], text);
  for (const [key, text] of [
    ["start", start],
    ["end", end],
  ] as const) {
    if (text.length > 1) at([key], "must be one byte where others are escaped");
  }
  const special = [...Buffer.from(rule.by + start + end, "latin1")];
  if (new Set(special).size < special.length) at(["escape", "by"], "is a delimiter too");
  if (special.some((byte) => special.includes(byte ^ rule.xor))) {
    at(["escape", "xor"], "makes a byte that has to be escaped of another");
  }
}
