import { z } from "zod";
import { identifier, scalar, wanted } from "./words.js";

/** What is written into a field, and when. */
const written = z.union(
  [
    scalar,
    z.strictObject({
      value: scalar,
      /** Values of the template on the left, what is written for each on the right. */
      cases: z.record(z.string(), scalar).optional(),
      /** Left out unless each of these values is so. */
      when: z.record(z.string(), wanted).optional(),
      /** Most values that a template with several may have; each is written as a field. */
      repeated: z.int().min(1).max(100_000).optional(),
      /** Written in its place when the template has no value. */
      absent: scalar.optional(),
    }),
  ],
  { error: "must be a text, a whole number, or a mapping with `value`" },
);

/** How often a field comes in a message of the CA system. */
const read = z.union(
  [
    z.literal(["required", "optional"]),
    z.strictObject({
      /** It may come that often, or not at all. */
      repeated: z.int().min(1).max(100_000),
      /** The field before it that says how often. */
      count: identifier.optional(),
    }),
    z.strictObject({ equals: scalar }),
  ],
  { error: "must be required, optional, { repeated: N } or { equals: VALUE }" },
);

/** One message: what we send, or what the CA system does. */
export const messageSection = z
  .strictObject({
    /** What the header's field that `holds: type` says. */
    type: scalar.optional(),
    send: z.record(z.string(), written).optional(),
    receive: z.record(z.string(), read).optional(),
  })
  .refine(({ send, receive }) => (send === undefined) !== (receive === undefined), {
    error: "must have either send or receive",
  });

export type MessageSection = z.infer<typeof messageSection>;
export type Written = z.infer<typeof written>;
export type Read = z.infer<typeof read>;
