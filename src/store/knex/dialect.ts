/** What a database can do; code asks for the capability, never for the database's name. */
export interface Capabilities {
  /** Several processes may write at once, so rows are locked and other instances told. */
  readonly manyInstances: boolean;
  /** Holds a data transaction open beside others; without it writers queue in the process. */
  readonly manyWriters: boolean;
}

/** The column types that rows sent to the database as one JSON parameter may have. */
export type ColumnType = "text" | "bigint" | "integer" | "boolean";

/**
 * The few places where the SQL of the databases differs. Everything else is written once, in the
 * common part of SQLite (3.51 or newer) and PostgreSQL.
 *
 * Statements use `?` for a parameter and `$now` for the database's time in milliseconds.
 */
export interface Dialect {
  readonly capabilities: Capabilities;
  /** A FROM item with the given columns, made of one JSON parameter: an array of objects. */
  rows(alias: string, columns: Readonly<Record<string, ColumnType>>): string;
  /** The larger (smaller) of two values, neither of which is NULL. */
  greatest(a: string, b: string): string;
  least(a: string, b: string): string;
  /** Ends a SELECT whose rows are to be locked; empty where there is only one writer. */
  readonly forUpdate: string;
  /** Ends a SELECT whose rows are to stay as they are until the transaction ends. */
  readonly forShare: string;
  /** `forUpdate`, passing over rows that somebody else has locked. */
  readonly forUpdateSkipLocked: string;
  /** The number of the i-th new request of a statement (i from 0, an SQL expression). */
  nextRequestNumber(i: string): string;
}
