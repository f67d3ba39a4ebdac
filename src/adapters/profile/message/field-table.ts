import type { FieldCodec } from "../fields/field-codec.js";
import { makeCodec } from "../fields/make-codec.js";
import type { ByteOrder } from "../fields/unsigned.js";
import type { FieldForm } from "../format/field-section.js";

/** A field of the profile. */
export interface KnownField {
  readonly codec: FieldCodec;
  readonly secret: boolean;
  readonly tag: number | undefined;
}

/** The fields of a profile by name. */
export type FieldTable = ReadonlyMap<string, KnownField>;

/** Makes every field's codec. */
export function fieldTable(
  fields: Readonly<Record<string, FieldForm>>,
  order: ByteOrder,
): FieldTable {
  return new Map(
    Object.entries(fields).map(([name, form]) => [
      name,
      { codec: makeCodec(form, order), secret: form.secret, tag: form.tag },
    ]),
  );
}
