import pg from "pg";
import type { RowOf } from "../knex/database.js";
import type { Columns } from "../knex/dialect.js";

/** The part of pg's connection that a COPY needs. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * COPY FROM STDIN as one of pg's queries. The rows and the end go out with the statement, not after
 * the server has asked for them: one trip instead of two. When the statement fails, the server
 * passes over what follows it.
 */
export class CopyIn extends pg.Query {
  readonly #statement: string;
  readonly #rows: Buffer;

  constructor(statement: string, rows: string, done: (error: Error | undefined) => void) {
    super(statement, done);
    this.#statement = statement;
    this.#rows = Buffer.from(rows);
  }

  override readonly submit = (connection: unknown): void => {
    const wire = connection as Wire;
    wire.stream.cork();
    wire.query(this.#statement);
    wire.sendCopyFromChunk(this.#rows);
    wire.endCopyFrom();
    wire.stream.uncork();
  };

  /** The rows are on their way already. */
  handleCopyInResponse(): void {}
}

/** Rows in COPY's text format. */
export function copyText<C extends Columns>(columns: C, rows: readonly RowOf<C>[]): string {
  const names: readonly (keyof C)[] = Object.keys(columns);
  let text = "";
  for (const row of rows) {
    let separator = "";
    for (const name of names) {
      text += separator + field(row[name]);
      separator = "\t";
    }
    text += "\n";
  }
  return text;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

function field(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value !== "string") return String(value);
  if (!SPECIAL.test(value)) return value;
  return value.replace(/[\\\t\n\r]/g, (special) => ESCAPES[special] ?? special);
}
