import type { Input } from "./input.js";
import type { Output } from "./output.js";
import type { Value, ValueKind } from "./value.js";

/** How one form of field is written and read; made once from a profile. */
export interface FieldCodec {
  /** How many bytes it always has; undefined when that depends on the value. */
  readonly width: number | undefined;
  readonly kind: ValueKind;
  /** Writes the value. Throws an `UnwritableValue` for one that the form cannot say. */
  write(out: Output, value: Value): void;
  /** Reads from `input.at`, moving it; undefined when what is there is not of the form. */
  read(input: Input): Value | undefined;
  /** A value as people read it. */
  show(value: Value): string;
}
