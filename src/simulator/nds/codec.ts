import type { Codec } from "../codec.js";
import { FrameReader } from "./frame-reader.js";
import { writeAnswer } from "./write-answer.js";

/** The NDS reference profile, read and written by hand from its table. */
export const ndsCodec: Codec = {
  reader: () => new FrameReader(),
  write: writeAnswer,
};
