/** A value of a JSON line that is not what its field takes. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  /** Path of the field, empty for the whole line. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * The members of an object by their names in snake_case. Proto JSON writes lowerCamelCase and
 * reads both; null is the same as not there; a name that is not known is a fault.
 */
export function fieldsOf<Name extends string>(
  value: unknown,
  path: string,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new JsonFault(path, "must be an object");
  }
  const fields: Partial<Record<Name, unknown>> = {};
  for (const [key, member] of Object.entries(value)) {
    const name = names.find((known) => known === key || camelCase(known) === key);
    if (name === undefined) throw new JsonFault(join(path, key.slice(0, 64)), "is no known field");
    if (Object.hasOwn(fields, name)) throw new JsonFault(join(path, name), "is given twice");
    if (member !== null) fields[name] = member;
  }
  return fields;
}

/** A text; empty when it is not there. */
export function textOf(value: unknown, path: string): string {
  if (value === undefined) return "";
  if (typeof value !== "string") throw new JsonFault(path, "must be a text");
  return value;
}

/** A list; empty when it is not there. */
export function listOf(value: unknown, path: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new JsonFault(path, "must be a list");
  return value;
}

/** The path of a member. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
