import { json, type RowOf, type Value } from "./database.js";
import type { Columns, Dialect } from "./dialect.js";

/** How the rows of a statement mostly look. */
export interface Habits<C extends Columns> {
  /** Columns that hardly any row has. */
  readonly rare?: readonly (keyof C & string)[];
  /** Groups of columns, in each of which all rows of a batch mostly have the same. */
  readonly alike?: readonly (readonly (keyof C & string)[])[];
}

/** Rows as a statement takes them: a FROM item `x` with these names, and its parameters. */
export interface GivenRows {
  readonly names: string;
  readonly from: string;
  readonly bindings: readonly Value[];
  /** Names that are known to be NULL in every row: of few rows none, see WORTH_COMPARING. */
  readonly absent: ReadonlySet<string>;
}

/** Fewer rows are not compared: a parameter costs, too. 500 rows save a tenth, 20 next to nothing. */
const WORTH_COMPARING = 20;

/**
 * Rows that statements are given again and again. Of each batch it is said once what all rows have
 * in common, and nothing of what none has: to read a column from JSON takes SQLite 0.25 us for each
 * row and PostgreSQL 0.4, NULL or not.
 *
 * All columns of a group or none, and all of the rare ones or none, so that there are a few
 * statements to keep prepared and not hundreds.
 */
export class RowShape<C extends Columns> {
  readonly #columns: C;
  readonly #usual: Columns;
  readonly #rare: readonly (keyof C & string)[];
  readonly #alike: readonly (readonly (keyof C & string)[])[];

  constructor(columns: C, { rare = [], alike = [] }: Habits<C> = {}) {
    this.#columns = columns;
    this.#usual = pick(columns, (name) => !rare.includes(name));
    this.#rare = rare;
    this.#alike = alike;
  }

  /** Without the rare columns where no row has one of them. */
  columnsOf(rows: readonly RowOf<C>[]): Columns {
    for (const row of rows) {
      for (const name of this.#rare) if (valueIn(row, name) !== null) return this.#columns;
    }
    return this.#usual;
  }

  give(dialect: Pick<Dialect, "rows">, rows: readonly RowOf<C>[]): GivenRows {
    const columns = this.columnsOf(rows);
    const alike = new Set<string>(this.#alikeIn(rows));
    const shared = pick(columns, (name) => alike.has(name));
    const each = alike.size === 0 ? columns : pick(columns, (name) => !alike.has(name));
    const [first = {}] = rows;
    const sharedNames = Object.keys(shared);
    return {
      names: [...sharedNames, ...Object.keys(each)].join(", "),
      from: dialect.rows("x", each, shared),
      bindings: [...sharedNames.map((name) => valueIn(first, name)), json(each, rows)],
      absent: new Set(sharedNames.filter((name) => valueIn(first, name) === null)),
    };
  }

  #alikeIn(rows: readonly RowOf<C>[]): string[] {
    if (rows.length < WORTH_COMPARING) return [];
    return this.#alike.filter((group) => group.every((name) => isAlike(rows, name))).flat();
  }
}

function isAlike(rows: readonly RowOf<Columns>[], name: string): boolean {
  const [first = {}] = rows;
  const value = valueIn(first, name);
  for (const row of rows) if (valueIn(row, name) !== value) return false;
  return true;
}

function valueIn(row: RowOf<Columns>, name: string): Value {
  return row[name] ?? null;
}

function pick(columns: Columns, isWanted: (name: string) => boolean): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => isWanted(name)));
}
