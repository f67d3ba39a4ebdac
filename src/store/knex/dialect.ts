/** What a database can do; code asks for the capability, never for the database's name. */
export interface Capabilities {
  /** Several processes may write at once, so rows are locked and other instances told. */
  readonly manyInstances: boolean;
  /** Holds a data transaction open beside others; without it writers queue in the process. */
  readonly manyWriters: boolean;
}

/** The column types that rows sent to the database as one JSON parameter may have. */
export type ColumnType = "text" | "bigint" | "integer" | "boolean";
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * The few places where the SQL of the databases differs. Everything else is written once, in the
 * common part of SQLite (3.51 or newer) and PostgreSQL.
 *
 * Statements use `?` for a parameter and `$now` for the database's time in milliseconds.
 */
export interface Dialect {
  readonly capabilities: Capabilities;
  /** Hundreds of rows are better handed over as one JSON text, as `selectMany` does. */
  readonly packsRows: boolean;
  /** An UPDATE writes the entries of an index for each of its columns that is set, changed or not. */
  readonly rewritesIndexes: boolean;
  /**
   * A FROM item with the given columns, made of one JSON parameter that `json` made; and before
   * it a parameter for each column in which all rows have the same. It also has `place`, where
   * each stands among the rows, from 0.
   */
  rows(alias: string, columns: Columns, shared?: Columns): string;
  /**
   * Joins to each row before it the one row of a table, if there is one, that a condition on the
   * table's key finds, as a LEFT JOIN does; by key, whatever statistics say.
   */
  joinRow(table: string, alias: string, condition: string): string;
  /**
   * Joins to each row before it the first request `w` in `waiting` of which the condition is true,
   * by this order, if there is one. An index has to give both.
   */
  joinFirstWaiting(condition: string, order: string): string;
  /**
   * Joins to each row `x` with created_by, request_id and request_key the request `r` that was
   * stored before under that request_id, as far as the database has an index of it: `RequestIds`
   * tells what it lacks.
   */
  readonly joinEarlier: string;
  /**
   * What follows a FROM item `x` with provider and ca_id: joins the lane that each row names as
   * `l`, in the order of the rows, locked as asked. Rows whose lane is missing, or locked by
   * somebody else with `skip`, drop out. By key for each row, whatever statistics say.
   */
  joinLane(lock: "none" | "wait" | "skip", x: string): string;
  /** True of the lane that row `x` names, for an UPDATE of `lanes` with `x` in its FROM; by key. */
  laneOf(x: string): string;
  /**
   * The beginning of a DELETE of the lanes that a FROM item `x` names, by key, up to a condition:
   * only where these further columns are as in `x`.
   */
  deleteLanes(x: string, same: readonly string[]): string;
  /** True where a column has one of the numbers of one parameter, made by `numbers`; by its index. */
  isOneOf(column: string): string;
  numbers(values: readonly number[]): string;
  /** True when a JSON array of texts has this text in it. */
  lists(array: string, text: string): string;
  /** A FROM item with the texts of a JSON array, a column of a FROM item before it, as `value`. */
  texts(array: string, alias: string): string;
  /** The larger (smaller) of two values, neither of which is NULL. */
  greatest(a: string, b: string): string;
  least(a: string, b: string): string;
  /** Ends a SELECT whose rows are to be locked; empty where there is only one writer. */
  readonly forUpdate: string;
  /** Ends a SELECT whose rows are to stay as they are until the transaction ends. */
  readonly forShare: string;
  /**
   * Ends a SELECT whose rows are to stay, and not be locked by `forUpdate`, until the transaction
   * ends. To change what is not their key goes on beside it.
   */
  readonly forKeyShare: string;
  /** `forUpdate`, passing over rows that somebody else has locked. */
  readonly forUpdateSkipLocked: string;
  /** The number of the i-th new request of a statement (i from 0, an SQL expression). */
  nextRequestNumber(i: string): string;
}
