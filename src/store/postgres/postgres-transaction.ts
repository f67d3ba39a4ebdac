import { json, type RowOf, type Tx, type Value } from "../knex/database.js";
import type { Columns } from "../knex/dialect.js";
import { insertRows } from "../knex/insert-rows.js";
import { CopyIn, copyText } from "./copy-in.js";
import type { NamedStatement } from "./named-statements.js";
import { postgresDialect } from "./postgres-dialect.js";

/** The part of a connection of `pg`, which knex makes and keeps, that statements need. */
export interface Connection {
  query(statement: { text: string; name?: string; values?: Value[] }): Promise<{ rows: unknown[] }>;
  query(statement: CopyIn): unknown;
  /** Set, knex gives the connection to nobody again. */
  __knex__disposed?: unknown;
}

/** From so many rows on they are sent by COPY, which costs 60 us more to begin with. */
const COPIED = 20;

/**
 * One transaction on a connection in pg's pipeline mode: a statement is on its way before the
 * one before it was answered. After one that fails the server refuses the rest, and turns the COMMIT
 * into a rollback; the error that counts is the first.
 */
export class PostgresTransaction implements Tx {
  readonly dialect = postgresDialect;
  readonly #connection: Connection;
  readonly #form: (sql: string) => NamedStatement;
  /** Of statements that nobody waits for; none of them rejects. */
  readonly #unawaited: Promise<void>[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(connection: Connection, form: (sql: string) => NamedStatement) {
    this.#connection = connection;
    this.#form = form;
    this.#leave(connection.query({ text: "BEGIN" }));
  }

  async all<T extends object>(sql: string, bindings: readonly Value[] = []): Promise<T[]> {
    const { rows } = await this.#query(sql, bindings);
    return rows as T[];
  }

  run(sql: string, bindings: readonly Value[] = []): void {
    this.#leave(this.#query(sql, bindings));
  }

  insert<C extends Columns>(table: string, columns: C, rows: readonly RowOf<C>[]): void {
    if (rows.length === 0) return;
    if (rows.length < COPIED) {
      this.run(insertRows(postgresDialect, table, columns), [json(columns, rows)]);
      return;
    }
    const statement = `COPY ${table} (${Object.keys(columns).join(", ")}) FROM STDIN`;
    this.#leave(
      new Promise((resolve, reject) => {
        const copy = new CopyIn(statement, copyText(columns, rows), (error) =>
          error ? reject(error) : resolve(undefined),
        );
        void this.#connection.query(copy);
      }),
    );
  }

  /** Resolves once everything is durable. */
  async commit(): Promise<void> {
    this.#leave(this.#connection.query({ text: "COMMIT" }));
    await this.#settled();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** What failed first: `error`, or a statement that nobody waited for. */
  async rollBack(error: unknown): Promise<unknown> {
    await this.#settled();
    const failure = this.#failure?.error ?? error;
    try {
      await this.#connection.query({ text: "ROLLBACK" });
    } catch (broken) {
      this.#connection.__knex__disposed = broken;
    }
    return failure;
  }

  async #query(sql: string, bindings: readonly Value[]): Promise<{ rows: unknown[] }> {
    try {
      return await this.#connection.query({ ...this.#form(sql), values: [...bindings] });
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  #leave(statement: Promise<unknown>): void {
    this.#unawaited.push(
      statement.then(
        () => undefined,
        (error: unknown) => {
          this.#failure ??= { error };
        },
      ),
    );
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#unawaited);
  }
}
