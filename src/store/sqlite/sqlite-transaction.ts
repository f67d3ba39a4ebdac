import type { RowOf, Tx, Value } from "../knex/database.js";
import type { Columns } from "../knex/dialect.js";
import { insertRows } from "../knex/insert-rows.js";
import type { RequestIds } from "../knex/request-ids.js";
import type { RowShape } from "../knex/row-shape.js";
import { bindNow } from "../knex/statement.js";
import { TransactionEnded } from "../knex/transaction-ended.js";
import type { PreparedStatements } from "./prepared-statements.js";
import { sqliteDialect } from "./sqlite-dialect.js";

/**
 * One transaction on the writing connection. SQLite goes on after a statement that failed, and its
 * driver carries out several at once: so each waits for the one before it, and all that come after
 * one that failed fail with its error. After its end it takes none: they would be carried out by
 * themselves, or in the transaction of somebody else.
 */
export class SqliteTransaction implements Tx {
  readonly dialect = sqliteDialect;
  readonly requestIds: RequestIds;
  /** Resolves when its BEGIN is carried out, or failed: other transactions may hold the file. */
  readonly begun: Promise<void>;
  readonly #statements: PreparedStatements;
  readonly #now: number;
  #last: Promise<unknown>;
  #ended = false;

  constructor(statements: PreparedStatements, requestIds: RequestIds, now: number) {
    this.requestIds = requestIds;
    this.#statements = statements;
    this.#now = now;
    this.#last = statements.all("BEGIN IMMEDIATE", []);
    // Work may begin with something else than a statement.
    this.begun = this.#last.then(
      () => undefined,
      () => undefined,
    );
  }

  async all<T extends object>(sql: string, bindings: readonly Value[] = []): Promise<T[]> {
    return this.#query<T>(sql, bindings);
  }

  run(sql: string, bindings: readonly Value[] = []): void {
    // Seen by whatever waits for `last`: the next statement, or the end of the transaction.
    this.#query(sql, bindings).catch(() => undefined);
  }

  insert<C extends Columns>(table: string, shape: RowShape<C>, rows: readonly RowOf<C>[]): void {
    if (rows.length === 0) return;
    const given = shape.give(sqliteDialect, rows);
    this.run(insertRows(table, given), given.bindings);
  }

  /** Resolves once everything is durable. */
  async commit(): Promise<void> {
    const committed = this.#query("COMMIT", []);
    this.#ended = true;
    await committed;
  }

  async rollBack(): Promise<void> {
    this.#ended = true;
    await this.#last.catch(() => undefined);
    // A COMMIT that failed on a full disk may have ended the transaction already.
    await this.#statements.all("ROLLBACK", []).catch(() => undefined);
  }

  #query<T extends object>(sql: string, bindings: readonly Value[]): Promise<T[]> {
    if (this.#ended) throw new TransactionEnded();
    const bound = bindNow(sql, bindings, this.#now);
    const result = this.#last.then(() => this.#statements.all<T>(bound.sql, bound.bindings));
    this.#last = result;
    return result;
  }
}
