import { z } from "zod";
import { type Fault, ServiceError } from "../../requests/service-error.js";
import { pathText } from "./json-reader.js";

/** Stands for names that the call does not have. */
const HIDDEN = "[hidden]";

/**
 * An error as the log may have it. Names of parameters that the call does not have are the caller's
 * own words, of a query too: a token or a PIN that went astray may be one.
 */
export function withKnownFields(error: ServiceError, parameters: z.ZodObject): ServiceError {
  const [first, ...rest] = error.faults.map((fault) => withKnownField(fault, parameters));
  return first === undefined ? error : new ServiceError([first, ...rest], { cause: error.cause });
}

function withKnownField(fault: Fault, parameters: z.ZodObject): Fault {
  const { field } = fault;
  if (field === undefined || field === "token") return fault;
  return { ...fault, field: pathText(knownPath(field, parameters)) };
}

/** The steps of a path as far as the call has them, and no more than that there are others. */
function knownPath(field: string, parameters: z.ZodObject): PropertyKey[] {
  const path: PropertyKey[] = [];
  let at: z.ZodType | undefined = parameters;
  for (const step of field.split(/[.[\]]+/).filter((text) => text !== "")) {
    const index = /^\d+$/.test(step) ? Number(step) : undefined;
    at = memberOf(at, step, index);
    if (at === undefined) return [...path, HIDDEN];
    path.push(index ?? step);
  }
  return path;
}

function memberOf(
  schema: z.ZodType | undefined,
  name: string,
  index: number | undefined,
): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return memberOf(schema.unwrap() as z.ZodType, name, index);
  }
  if (schema instanceof z.ZodArray) {
    return index === undefined ? undefined : (schema.element as z.ZodType);
  }
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, name)) return undefined;
  return schema.shape[name];
}
