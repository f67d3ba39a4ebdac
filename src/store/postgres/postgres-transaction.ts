import type { RowOf, Tx, Value } from "../knex/database.js";
import type { Columns } from "../knex/dialect.js";
import { insertRows } from "../knex/insert-rows.js";
import type { RowShape } from "../knex/row-shape.js";
import { TransactionEnded } from "../knex/transaction-ended.js";
import { CopyIn, copyText } from "./copy-in.js";
import type { NamedStatement } from "./named-statements.js";
import { postgresDialect } from "./postgres-dialect.js";
import { uniqueRequestIds } from "./unique-request-ids.js";

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
 * into a rollback; the error that counts is the first. After its end, and when it could not even
 * begin, it takes no statement: each would be a transaction of its own.
 */
export class PostgresTransaction implements Tx {
  readonly dialect = postgresDialect;
  readonly requestIds = uniqueRequestIds;
  readonly #connection: Connection;
  readonly #form: (sql: string) => NamedStatement;
  /** The outcome of every statement given, in their order; none of them rejects. */
  readonly #given: Promise<Outcome>[] = [];
  #ended = false;

  constructor(connection: Connection, form: (sql: string) => NamedStatement) {
    this.#connection = connection;
    this.#form = form;
    const begun = connection.query({ text: "BEGIN" });
    begun.catch(() => {
      this.#ended = true;
    });
    this.#note(begun);
  }

  async all<T extends object>(sql: string, bindings: readonly Value[] = []): Promise<T[]> {
    const answer = this.#query(sql, bindings);
    this.#note(answer);
    return (await answer).rows as T[];
  }

  run(sql: string, bindings: readonly Value[] = []): void {
    this.#note(this.#query(sql, bindings));
  }

  insert<C extends Columns>(table: string, shape: RowShape<C>, rows: readonly RowOf<C>[]): void {
    if (rows.length === 0) return;
    if (rows.length < COPIED) {
      const given = shape.give(postgresDialect, rows);
      this.run(insertRows(table, given), given.bindings);
      return;
    }
    const columns = shape.columnsOf(rows);
    this.#demandOpen();
    const statement = `COPY ${table} (${Object.keys(columns).join(", ")}) FROM STDIN`;
    this.#note(
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
    this.#ended = true;
    this.#note(this.#connection.query({ text: "COMMIT" }));
    const failed = await this.#firstFailure();
    if (failed !== undefined) throw failed.error;
  }

  /** What failed first: a statement, or the work itself with `error`. */
  async rollBack(error: unknown): Promise<unknown> {
    this.#ended = true;
    const failed = await this.#firstFailure();
    try {
      await this.#connection.query({ text: "ROLLBACK" });
    } catch (broken) {
      this.#connection.__knex__disposed = broken;
    }
    return failed === undefined ? error : failed.error;
  }

  #demandOpen(): void {
    if (this.#ended) throw new TransactionEnded();
  }

  #query(sql: string, bindings: readonly Value[]): Promise<{ rows: unknown[] }> {
    this.#demandOpen();
    return this.#connection.query({ ...this.#form(sql), values: [...bindings] });
  }

  #note(statement: Promise<unknown>): void {
    this.#given.push(
      statement.then(
        () => "done",
        (error: unknown) => ({ error }),
      ),
    );
  }

  /** By the order in which they were given, since their answers may come to be known in another. */
  async #firstFailure(): Promise<{ readonly error: unknown } | undefined> {
    for (const outcome of await Promise.all(this.#given)) {
      if (outcome !== "done") return outcome;
    }
    return undefined;
  }
}

type Outcome = "done" | { readonly error: unknown };
