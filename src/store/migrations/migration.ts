/** What the data definition language of a database calls the things that differ. */
export interface SchemaDialect {
  /** The type of text that is compared byte by byte. */
  readonly key: string;
  /** The type of a 64-bit primary key. */
  readonly number: string;
  /** The type of a request's number: 64 bits, never given twice. */
  readonly identity: string;
  /** Storage settings of a table whose rows change all the time. */
  readonly hot: string;
  /** The same for a table that is only found by its key of several columns. */
  readonly hotByKey: string;
  /** Statements that define the database's clock, where it is the one that counts. */
  readonly clock: readonly string[];
  /** Statements that leave room in the pages of `lanes` for a new version of each row. */
  readonly roomToMark: readonly string[];
  /** Statements that put something else in the place of the index of request_ids, if anything. */
  readonly requestIds: readonly string[];
}

/** One step of the schema. Steps are only ever added: what was released is not edited. */
export interface Migration {
  readonly name: string;
  statements(dialect: SchemaDialect): readonly string[];
}
