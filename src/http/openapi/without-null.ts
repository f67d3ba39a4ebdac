import type { JsonSchema } from "./document.js";

/** A schema as it is for a form or a query, which have no null. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const { anyOf, properties, type, ...rest } = schema;
  const [only, ...others] = (anyOf ?? []).filter((one) => one.type !== "null");
  if (only !== undefined && others.length === 0) return withoutNull({ ...only, ...rest });
  const types = (Array.isArray(type) ? type : [type]).filter((one) => one !== "null");
  return {
    ...(types[0] !== undefined && { type: types[0] }),
    ...rest,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [
          name,
          withoutNull(property as JsonSchema),
        ]),
      ),
    }),
  };
}
