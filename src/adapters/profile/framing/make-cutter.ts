import { Input } from "../fields/input.js";
import { encodeText } from "../fields/text-encoding.js";
import type { FrameShape } from "../message/frame-shape.js";
import { WireFault } from "../message/wire-fault.js";
import { byteStuffing } from "./byte-stuffing.js";
import { constantCheck } from "./constant-check.js";
import { CountedFrames, type FrameLength } from "./counted-frames.js";
import { DelimitedFrames } from "./delimited-frames.js";
import type { FrameCutter } from "./frame-cutter.js";

/** Makes what cuts the streams of a profile: a new cutter for each connection. */
export function cutterMaker(shape: FrameShape): () => FrameCutter {
  const { framing } = shape;
  const check = constantCheck(shape.header);
  switch (framing.by) {
    case "delimiter": {
      const start = encodeText(framing.start ?? "", "latin1");
      const end = encodeText(framing.end, "latin1");
      const stuffing = byteStuffing(framing);
      return () => new DelimitedFrames({ start, end, max: framing.max, stuffing });
    }
    case "size": {
      const { length } = framing;
      const lengthOf: FrameLength = (bytes, start, end) => {
        check?.(bytes, start, end);
        return length;
      };
      return () => new CountedFrames(lengthOf, length);
    }
    case "length": {
      const lengthOf = readLength(shape, check);
      return () => new CountedFrames(lengthOf, shape.length?.known ?? 0);
    }
  }
}

function readLength(shape: FrameShape, check: ReturnType<typeof constantCheck>): FrameLength {
  const { length } = shape;
  // Then the profile has faults, and nobody uses it.
  if (length === undefined) return () => undefined;
  const { codec, at, known, uncounted, max } = length;
  const least = (shape.headerWidth ?? 0) + shape.trailerWidth;
  const input = new Input();
  return (bytes, start, end) => {
    check?.(bytes, start, end);
    if (end - start < known) return undefined;
    input.bytes = bytes;
    input.at = start + at;
    input.end = start + known;
    const counted = codec.read(input);
    if (typeof counted !== "number") throw new WireFault("a length that cannot be read");
    if (counted > max) throw new WireFault(`a message of ${counted} bytes, over ${max}`);
    const total = counted + uncounted;
    if (total < least) throw new WireFault(`a message of ${counted} bytes, too few`);
    return total;
  };
}
