import type { GivenRows } from "./row-shape.js";

/** The INSERT of rows. */
export function insertRows(table: string, { names, from }: GivenRows): string {
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${from} WHERE true`;
}
