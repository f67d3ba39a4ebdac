import { z } from "zod";
import { type RequestObject, requestSchema } from "../messages/request-object.js";
import { optional } from "./parameters.js";

type FieldName = keyof RequestObject;
const NAMES = Object.keys(requestSchema.shape) as [FieldName, ...FieldName[]];

/** The parameter `fields_set`: which fields of a request are answered. */
export const fieldsSetParameter = optional(z.array(z.enum(NAMES)).max(NAMES.length)).describe(
  "The fields to answer, with commas between them; all of them when not given.",
);

/** The request with the chosen fields only; as documented, any of its fields may be left out. */
export const chosenSchema = requestSchema
  .partial()
  .describe("A provisioning request, with the fields that fields_set names.");

/** The wire texts are long: a list has them only when it is asked for them. */
export function wantsWireTexts(chosen: readonly FieldName[]): boolean {
  return chosen.includes("request") || chosen.includes("response");
}

/** What is left of a request when only some of its fields are wanted. */
export function chosenFields(
  request: RequestObject,
  chosen: readonly FieldName[] | null | undefined,
): Partial<RequestObject> {
  if (chosen === null || chosen === undefined || chosen.length === 0) return request;
  return Object.fromEntries(chosen.map((name) => [name, request[name]]));
}
