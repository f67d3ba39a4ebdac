import { z } from "zod";

/** Names that something else already means where the names of run definitions are shown. */
const RESERVED: ReadonlySet<string> = new Set(["PROCESS_IMMEDIATELY"]);

/** The name of a provider or run definition; compared exactly. */
export const name = z
  .string()
  .refine(
    (text) => /^(?!\s)[^\p{Cc}]{1,64}$/u.test(text) && text === text.trim(),
    "must be 1 to 64 characters without control characters or outer spaces",
  )
  .refine((text) => !RESERVED.has(text), { error: "is a reserved name" });
