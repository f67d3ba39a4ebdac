import type { FieldCodec } from "../../../../src/adapters/profile/fields/field-codec.js";
import { Input } from "../../../../src/adapters/profile/fields/input.js";
import { makeCodec } from "../../../../src/adapters/profile/fields/make-codec.js";
import { Output } from "../../../../src/adapters/profile/fields/output.js";
import type { Value } from "../../../../src/adapters/profile/fields/value.js";
import { fieldSection } from "../../../../src/adapters/profile/format/field-section.js";

/** The codec of a field as a profile writes it. */
export function codecOf(field: object): FieldCodec {
  return makeCodec(fieldSection.parse(field), "big");
}

/** The bytes that a field writes, in hexadecimal. */
export function write(field: object, value: Value): string {
  const out = new Output();
  codecOf(field).write(out, value);
  return out.copy().toString("hex");
}

/** What a field reads, and how many bytes that took. */
export function read(field: object, hex: string): { value: Value | undefined; taken: number } {
  const input = new Input();
  // Bytes before and after belong to somebody else.
  input.bytes = Buffer.from(`aa${hex}bb`, "hex");
  input.at = 1;
  input.end = input.bytes.length - 1;
  const value = codecOf(field).read(input);
  return { value, taken: input.at - 1 };
}

/** What comes back when a value is written and read. */
export function roundTrip(field: object, value: Value): Value | undefined {
  const hex = write(field, value);
  const { value: back, taken } = read(field, hex);
  if (taken !== hex.length / 2) throw new Error(`read ${taken} bytes of ${hex}`);
  return back;
}
