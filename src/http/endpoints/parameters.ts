import { z } from "zod";
import type { ITEM_MEMBERS } from "../../calls/fields/item-identifier.js";
import type { SUBSCRIPTION_MEMBERS } from "../../calls/fields/subscription-identifier.js";
import type { Violations } from "../../calls/fields/violations.js";
import { DATE_FORM } from "../dates/date-text.js";

/** Parameters that may be left out. In JSON null says the same: many clients write what they lack. */
export const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish();

export const textParameter = (meaning: string) => optional(z.string()).describe(meaning);

export const dateParameter = (meaning: string) =>
  textParameter(`${meaning} ${DATE_FORM[0]?.toUpperCase()}${DATE_FORM.slice(1)}.`);

export const flagParameter = (meaning: string) => optional(z.boolean()).describe(meaning);

const member = optional(z.string());
/** What JSON Schema says of an object with exactly one member. */
const ONE_MEMBER = { minProperties: 1 };

export const subscriptionParameter = optional(
  z
    .strictObject({ id: member, number: member } satisfies Record<
      (typeof SUBSCRIPTION_MEMBERS)[number],
      unknown
    >)
    .meta(ONE_MEMBER),
).describe("The subscription that the smartcard belongs to: exactly one of id and number.");

export const smartcardParameter = optional(
  z
    .strictObject({ id: member, serial_number: member, alternative_code: member } satisfies Record<
      (typeof ITEM_MEMBERS)[number],
      unknown
    >)
    .meta(ONE_MEMBER),
).describe("The smartcard: exactly one of id, serial_number and alternative_code.");

/** The one member that an identifier was given; two are refused, what none is the caller decides. */
export function onlyMember<Member extends string>(
  violations: Violations,
  field: string,
  given: { readonly [Name in Member]?: string | null | undefined } | null | undefined,
): { by: Member; value: string } | undefined {
  const members = Object.entries(given ?? {}) as [Member, string | null | undefined][];
  const [first, ...others] = members.filter(([, value]) => typeof value === "string");
  if (others.length > 0) violations.add(field, "has several members: exactly one may be given");
  return first && { by: first[0], value: first[1] ?? "" };
}
