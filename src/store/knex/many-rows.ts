import type { Db, Value } from "./database.js";

/** What rows have, in its order. */
type Names<T> = readonly (keyof T & string)[];
/** What rows have, and the SQL that says what it is. */
type Expressions<T> = Readonly<Record<keyof T & string, string>>;

/**
 * The rows of a SELECT that may have hundreds. A driver may take longer to hand rows over than its
 * database to find them: `sqlite3` 8 us for one of 17 columns. There they come as one JSON text,
 * which takes 2. No column may be a fraction: JSON keeps 15 digits of those.
 */
export async function selectMany<T extends object>(
  db: Db,
  names: Names<T>,
  select: string,
  bindings: readonly Value[],
): Promise<T[]> {
  if (!db.dialect.packsRows) return db.all<T>(select, bindings);
  const [packed] = await db.all<{ rows: string }>(
    `SELECT json_group_array(json_array(${names.join(", ")})) AS rows FROM (${select})`,
    bindings,
  );
  return (JSON.parse(packed?.rows ?? "[]") as Value[][]).map((values) => named<T>(names, values));
}

/** The names in a list of columns: the last word of each. No expression in it has a comma. */
export function namesIn<T>(list: string): Names<T> {
  return list.split(",").map((column) => column.split(/\W/).at(-1)) as (keyof T & string)[];
}

/** The rows that a writing statement, up to its RETURNING, has written. */
export async function writeMany<T extends object>(
  db: Db,
  columns: Expressions<T>,
  write: string,
  bindings: readonly Value[],
): Promise<T[]> {
  const names = Object.keys(columns) as (keyof T & string)[];
  if (!db.dialect.packsRows) {
    const list = names.map((name) => `${columns[name]} AS ${name}`);
    return db.all<T>(`${write} RETURNING ${list.join(", ")}`, bindings);
  }
  const rows = await db.all<{ packed: string }>(
    `${write} RETURNING json_array(${names.map((name) => columns[name]).join(", ")}) AS packed`,
    bindings,
  );
  const all = JSON.parse(`[${rows.map(({ packed }) => packed).join(",")}]`) as Value[][];
  return all.map((values) => named<T>(names, values));
}

function named<T extends object>(names: Names<T>, values: readonly Value[]): T {
  const row: Record<string, Value> = {};
  for (let i = 0; i < names.length; i += 1) row[names[i] as string] = values[i] ?? null;
  return row as T;
}
