import { z } from "zod";

/** Bytes written as a text in which each character is the byte of its number, such as `"\r\n"`. */
export const bytesText = z
  .string()
  .min(1)
  .max(16)
  .refine((text) => /^[\0-\xff]*$/.test(text), { error: "must have characters up to \\xFF only" });
