import { z } from "zod";
import { isTimeZone } from "../../../config/time-zone.js";
import { DATE_LAYOUTS } from "../fields/calendar.js";
import { CHARACTER_SETS } from "../fields/text.js";
import { TEXT_ENCODINGS } from "../fields/text-encoding.js";
import { bytesText } from "./bytes-text.js";

/** The forms that whole numbers have in bytes. */
export const NUMBER_FORMS = ["u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64"] as const;

/** The most bytes that anything in a message may have. */
export const MAX_BYTES = 1_048_576;

export const byteOrder = z.enum(["big", "little"]);
const count = z.int().min(0).max(MAX_BYTES);
const width = z.int().min(1).max(MAX_BYTES);

/** What every field may have. */
const common = {
  /** Number of the parameter, where the body is a list of parameters. */
  tag: z.int().min(0).max(0xffff_ffff).optional(),
  /** Shown as `****`. */
  secret: z.boolean().default(false),
};

/** Where a field of no fixed width ends: at most one of them; none: where its parameter or message does. */
const extent = {
  length: width.optional(),
  length_prefix: z.enum(["u8", "u16", "u32"]).optional(),
  ends: bytesText.optional(),
  byte_order: byteOrder.optional(),
};

const digitLayout = z.enum(DATE_LAYOUTS);

const number = z.strictObject({
  form: z.enum(NUMBER_FORMS),
  byte_order: byteOrder.optional(),
  ...common,
});
const text = z.strictObject({
  form: z.literal("text"),
  encoding: z.enum(TEXT_ENCODINGS).default("utf-8"),
  chars: z.enum(CHARACTER_SETS).default("any"),
  min: count.optional(),
  max: count.optional(),
  pad: bytesText.max(1).optional(),
  pad_at: z.enum(["start", "end"]).optional(),
  ...extent,
  ...common,
});
const digits = z.strictObject({
  form: z.enum(["decimal", "hexadecimal"]),
  ...extent,
  ...common,
});
const bcd = z.strictObject({
  form: z.literal("bcd"),
  digits: z.int().min(1).max(64),
  pad: z.enum(["0", "f"]).default("0"),
  pad_at: z.enum(["start", "end"]).optional(),
  ...common,
});
const bytes = z.strictObject({
  form: z.literal("bytes"),
  min: count.optional(),
  max: count.optional(),
  ...extent,
  ...common,
});
const date = z.discriminatedUnion("as", [
  z.strictObject({
    form: z.literal("date"),
    as: z.literal(["digits", "bcd"]),
    layout: digitLayout,
    /** Whose clocks the digits are of. */
    time_zone: z.string().refine(isTimeZone, { error: "is no time zone" }).default("UTC"),
    ...common,
  }),
  z.strictObject({
    form: z.literal("date"),
    as: z.literal(["seconds", "milliseconds", "days"]),
    bytes: z.int().min(1).max(8),
    since: z.iso.date().optional(),
    byte_order: byteOrder.optional(),
    ...common,
  }),
]);

/** How one field looks in bytes. */
export const fieldSection = z
  .discriminatedUnion("form", [number, text, digits, bcd, bytes, date])
  .superRefine((field, context) => {
    const extents = ["length", "length_prefix", "ends"].filter(
      (key) => key in field && field[key as keyof typeof field] !== undefined,
    );
    if (extents.length > 1) {
      const error = `means nothing beside ${extents[0]}`;
      context.addIssue({ code: "custom", path: [extents[1] ?? ""], message: error });
    }
    if (field.form === "text" && !/^[\0-\x7f]?$/.test(field.pad ?? "")) {
      context.addIssue({ code: "custom", path: ["pad"], message: "must be a character of ASCII" });
    }
  });

export type FieldForm = z.infer<typeof fieldSection>;
