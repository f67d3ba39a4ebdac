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
    const hasRare = (row: RowOf<C>) => this.#rare.some((name) => valueIn(row, name) !== null);
    return rows.some(hasRare) ? this.#columns : this.#usual;
  }

  give(dialect: Pick<Dialect, "rows">, rows: readonly RowOf<C>[]): GivenRows {
    const columns = this.columnsOf(rows);
    const alike = new Set<string>(this.#alikeIn(rows));
    const shared = pick(columns, (name) => alike.has(name));
    const each = alike.size === 0 ? columns : pick(columns, (name) => !alike.has(name));
    const [first = {}] = rows;
    return {
      names: [...Object.keys(shared), ...Object.keys(each)].join(", "),
      from: dialect.rows("x", each, shared),
      bindings: [...Object.keys(shared).map((name) => valueIn(first, name)), json(each, rows)],
    };
  }

  #alikeIn(rows: readonly RowOf<C>[]): string[] {
    const [first] = rows;
    if (first === undefined || rows.length < WORTH_COMPARING) return [];
    const isAlike = (name: keyof C & string) => {
      const value = valueIn(first, name);
      return rows.every((row) => valueIn(row, name) === value);
    };
    return this.#alike.filter((group) => group.every(isAlike)).flat();
  }
}

function valueIn(row: RowOf<Columns>, name: string): Value {
  return row[name] ?? null;
}

function pick(columns: Columns, isWanted: (name: string) => boolean): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => isWanted(name)));
}
