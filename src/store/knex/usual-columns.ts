import type { RowOf } from "./database.js";
import type { Columns } from "./dialect.js";

/**
 * Tells the columns that an INSERT of rows names: the rare ones only where a row has one of them. To
 * read a column from JSON takes SQLite 0.25 us for each row and PostgreSQL 0.4, NULL or not. All or
 * none of them, so that there are two statements to keep prepared and not hundreds.
 */
export function usualColumns<C extends Columns, Rare extends keyof C & string>(
  columns: C,
  rare: readonly Rare[],
): (rows: readonly RowOf<C>[]) => C | Omit<C, Rare> {
  const names: ReadonlySet<string> = new Set(rare);
  const usual = Object.entries(columns).filter(([name]) => !names.has(name));
  const withoutRare = Object.fromEntries(usual) as Omit<C, Rare>;
  const hasRare = (row: RowOf<C>) => rare.some((name) => (row[name] ?? null) !== null);
  return (rows) => (rows.some(hasRare) ? columns : withoutRare);
}
