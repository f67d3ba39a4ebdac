import { z } from "zod";

/** A name that templates may use. */
export const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/i, { error: "must be letters, digits and _, 64 at most" });

/** A constant, or a text with placeholders in braces. */
export const scalar = z.union([z.string(), z.int()], { error: "must be a text or a whole number" });
export type Scalar = z.infer<typeof scalar>;

/** What a condition asks of a value: one of these numbers, `FROM..TO`, or texts with `*`, `?` and `#`. */
export const wanted = z.union([scalar, z.array(scalar).min(1)], {
  error: "must be a text, a whole number, or a list of them",
});
export type Wanted = z.infer<typeof wanted>;
