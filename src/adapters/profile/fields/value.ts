/** What a field of a message holds: a number, or a text. Dates are milliseconds since 1970 UTC. */
export type Value = number | bigint | string;

/** What kind of value a field takes, or a template has. */
export type ValueKind = "number" | "text" | "date";
