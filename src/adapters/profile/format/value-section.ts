import { z } from "zod";
import { scalar } from "./words.js";

/** A value that is made of others, for templates to use as `{values.NAME}`. */
export const valueSection = z.union(
  [
    z.strictObject({
      value: scalar,
      /** Values of the template on the left, what stands for each on the right. */
      cases: z.record(z.string(), scalar).optional(),
    }),
    z.strictObject({ base64: z.string() }),
    z.strictObject({
      /** What stands before the first separator, or after the last; the whole text without one. */
      part: z.enum(["first", "last"]),
      of: z.string(),
      separator: z.string().min(1).max(16),
    }),
    z.strictObject({
      digest: z.enum(["md5", "sha1", "sha256", "sha512"]),
      of: z.string(),
      /** With it the digest is an HMAC. */
      key: z.string().optional(),
      as: z.enum(["hex", "base64"]).default("hex"),
    }),
  ],
  {
    error:
      "must be { value, cases }, { base64 }, { part, of, separator } or { digest, of, key, as }",
  },
);

export type ValueSection = z.infer<typeof valueSection>;
