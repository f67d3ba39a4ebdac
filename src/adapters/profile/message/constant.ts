import type { FieldCodec } from "../fields/field-codec.js";
import { Output, UnwritableValue } from "../fields/output.js";
import type { Value } from "../fields/value.js";

/** The bytes of a constant, or why it has none. */
export function constantBytes(
  codec: FieldCodec,
  value: Value,
): { readonly bytes: Buffer } | { readonly fault: string } {
  const out = new Output();
  try {
    codec.write(out, value);
    return { bytes: out.copy() };
  } catch (error) {
    if (error instanceof UnwritableValue) return { fault: error.message };
    throw error;
  }
}
