import type { FieldCodec } from "../fields/field-codec.js";
import { Input } from "../fields/input.js";
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

/** What a constant is when it is read: of the field's kind, however the profile writes it. */
export function constantAsRead(codec: FieldCodec, value: Value): Value {
  const made = constantBytes(codec, value);
  if ("fault" in made) return value;
  const input = new Input();
  input.bytes = made.bytes;
  input.end = made.bytes.length;
  return codec.read(input) ?? value;
}
