import { z } from "zod";
import { CHECKSUMS, type ChecksumName } from "../fields/checksum-algorithms.js";
import { bytesText } from "./bytes-text.js";
import { byteOrder, MAX_BYTES } from "./field-section.js";
import { identifier, scalar } from "./words.js";

const size = z.int().min(1).max(MAX_BYTES);

/** How the stream of bytes is cut into messages. */
export const framingSection = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("length"),
    /** What the length counts; the header's field that `holds: length` has it. */
    counts: z.enum(["rest", "itself", "frame", "body"]).default("rest"),
    /** Most that the length may say. */
    max: size,
  }),
  z.strictObject({
    by: z.literal("delimiter"),
    start: bytesText.optional(),
    end: bytesText,
    /** Most bytes between the delimiters, escapes not counted. */
    max: size,
    /** Delimiters in a message, and `by` itself, are written as `by` and the byte XOR `xor`. */
    escape: z.strictObject({ by: bytesText.max(1), xor: z.int().min(1).max(255) }).optional(),
  }),
  z.strictObject({
    by: z.literal("size"),
    length: size,
    /** Fills what the body leaves; without it every message must have the size by itself. */
    pad: bytesText.max(1).optional(),
  }),
]);

const checksum = z.strictObject({
  checksum: z.enum(Object.keys(CHECKSUMS) as [ChecksumName, ...ChecksumName[]]),
  as: z.enum(["binary", "hexadecimal"]).default("binary"),
  byte_order: byteOrder.optional(),
  /** The bytes it is made of: those before it, those after it, or the body; delimiters never. */
  covers: z.enum(["before", "after", "body"]).default("before"),
});

const field = z.strictObject({
  field: identifier,
  /** What the engine puts here, and reads from here. */
  holds: z.enum(["type", "length"]).optional(),
  /** A constant, which the CA system must write too, or a template. */
  value: scalar.optional(),
  /** The constant is ours alone: what the CA system writes is a value for rules. */
  varies: z.boolean().default(false),
});

/** What stands before or after the body of every message. */
export const frameItem = z.union([checksum, field], {
  error: "must be { field: NAME, holds or value } or { checksum: ALGORITHM }",
});

export type FrameItem = z.infer<typeof frameItem>;
export type ChecksumItem = z.infer<typeof checksum>;
export type FramingSection = z.infer<typeof framingSection>;

const smallNumber = z.enum(["u8", "u16", "u24", "u32"]);

/** How the body of every message is laid out. */
export const bodySection = z.discriminatedUnion("layout", [
  z.strictObject({
    layout: z.literal("parameters"),
    tag: smallNumber,
    length: smallNumber,
    tag_byte_order: byteOrder.optional(),
    length_byte_order: byteOrder.optional(),
    /** Whether the length counts tag and length too. */
    counts: z.enum(["value", "parameter"]).default("value"),
  }),
  z.strictObject({ layout: z.literal("sequence") }),
]);

export type BodySection = z.infer<typeof bodySection>;
