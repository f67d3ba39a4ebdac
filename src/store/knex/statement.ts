import type { Value } from "./database.js";

const TOKEN = /\$now|\?/g;

/**
 * Puts the process's time in the place of each `$now`, as a parameter, so that the text of the
 * statement stays the same from call to call. For databases whose own clock is not used.
 */
export function bindNow(
  sql: string,
  bindings: readonly Value[],
  now: number,
): { sql: string; bindings: Value[] } {
  if (!sql.includes("$now")) return { sql, bindings: [...bindings] };
  const bound: Value[] = [];
  let next = 0;
  for (const [token] of sql.matchAll(TOKEN)) {
    bound.push(token === "?" ? (bindings[next++] ?? null) : now);
  }
  return { sql: sql.replaceAll("$now", "?"), bindings: bound };
}
