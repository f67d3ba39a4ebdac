import { json, type Tx } from "../knex/database.js";
import type { ColumnType } from "../knex/dialect.js";
import { selectMany } from "../knex/many-rows.js";
import type { KeyedRequest, RequestIds } from "../knex/request-ids.js";
import { type KeyedNumber, RecentKeys } from "./recent-keys.js";
import { requestKey } from "./request-key.js";
import { sqliteDialect } from "./sqlite-dialect.js";

/** Requests whose keys are kept in memory before they settle. */
const FULL = 32_768;
/** The least part of those keys that is worth a statement of its own. */
const LEAST_SLICE = 1 / 128;
/** Requests that are read and settled by one transaction, to catch up. */
const CHUNK = 50_000;

const COLUMNS = {
  request_key: "bigint",
  number: "bigint",
} as const satisfies Record<string, ColumnType>;

const SETTLE = `INSERT INTO request_ids (request_key, number)
  SELECT request_key, number FROM ${sqliteDialect.rows("x", COLUMNS)} WHERE true
  ON CONFLICT (request_key, number) DO NOTHING`;
// Never back: another process may have settled more.
const SETTLED = "UPDATE settled_requests SET through_number = max(through_number, ?)";

interface StoredRequest {
  readonly number: number;
  readonly created_by: string;
  readonly request_id: string | null;
}

/** What becomes of the keys when the transaction commits. */
interface Staged {
  readonly stored: KeyedRequest[];
  /** Where settling goes on; undefined when it is over. */
  settlingFrom: number | undefined;
  /** All that was stored before this number is settled; undefined when that is not known. */
  settledBefore: number | undefined;
  next: number;
}

/**
 * The index of request_ids in two levels: the table `request_ids`, and in memory the keys of what
 * was stored since. Request_ids are random, so each would change a page of the table, which its
 * commit writes; those of thirty thousand requests, taken in by their order, change a page for many.
 * Batches of 500 creates: 6,400/s with a unique index, 8,600 this way (five pairs in turn).
 *
 *   stored ──commit──▶ filling ──full, nothing settling──▶ settling ──slices──▶ in the table
 *
 * Each transaction that stores requests settles twice as many keys, in slices, so that those that
 * settle are gone before the next ones are full: memory is bounded without a clock.
 *
 * `settled_requests` says up to which number all are in the table. What lies beyond is known from
 * memory, or else read from `requests`, which has every request_id: at the start, and whenever the
 * next number is not the one after the last that was stored here, because another process stored
 * some, or a commit that seemed to fail did not. The next number only rises, with each request that
 * is stored. All of it happens inside of transactions that write, of which there is one at a time.
 */
export class LeveledRequestIds implements RequestIds {
  readonly keyOf: typeof requestKey;
  readonly #full: number;
  #filling: RecentKeys;
  /** The number that followed when `filling` was empty. */
  #filledFrom = 0;
  #settling: { readonly keys: RecentKeys; readonly through: number; from: number } | undefined;
  /** Keys owed to the table by what was stored since the last slice. */
  #owed = 0;
  /** The number after the last request known; 0 before the first look. */
  #next = 0;
  #staged: Staged | undefined;

  /** Other sizes and keys than the service's are for tests. */
  constructor({ full = FULL, keyOf = requestKey } = {}) {
    this.#full = full;
    this.keyOf = keyOf;
    this.#filling = this.#empty();
  }

  recent(key: number): readonly number[] {
    const found = this.#filling.numbersOf(key);
    if (this.#settling !== undefined) found.push(...this.#settling.keys.numbersOf(key));
    for (const one of this.#staged?.stored ?? []) if (one.key === key) found.push(one.number);
    return found;
  }

  knowsAllBefore(number: number): boolean {
    return number === (this.#staged?.next ?? this.#next);
  }

  async catchUp(tx: Tx): Promise<void> {
    while (!(await this.catchUpSome(tx)));
  }

  /** A part of it; true when nothing is left. */
  async catchUpSome(tx: Tx): Promise<boolean> {
    const [at] = await tx.all<{ settled: number; next: number }>(
      `SELECT through_number AS settled, ${tx.dialect.nextRequestNumber("0")} AS next
       FROM settled_requests`,
    );
    if (at === undefined) throw new Error("the table settled_requests is empty");
    if (this.knowsAllBefore(at.next)) return true;
    const rows = await selectMany<StoredRequest>(
      tx,
      ["number", "created_by", "request_id"],
      `SELECT number, created_by, request_id FROM requests WHERE number > ?
       ORDER BY number LIMIT ${CHUNK}`,
      [at.settled],
    );
    const keys = rows.flatMap(({ number, created_by, request_id }): KeyedNumber[] =>
      request_id === null ? [] : [[this.keyOf(created_by, request_id), number]],
    );
    keys.sort(([a], [b]) => a - b);
    settle(tx, keys);
    const last = rows.length < CHUNK ? at.next - 1 : (rows.at(-1)?.number ?? 0);
    if (last > at.settled) tx.run(SETTLED, [last]);
    if (rows.length === CHUNK) return false;
    const staged = this.#stage();
    staged.settledBefore = at.next;
    staged.next = at.next;
    return true;
  }

  note(tx: Tx, stored: readonly KeyedRequest[]): void {
    const staged = this.#stage();
    staged.stored.push(...stored);
    staged.next = Math.max(staged.next, ...stored.map(({ number }) => number + 1));
    this.#settleSlice(tx, staged);
  }

  #settleSlice(tx: Tx, staged: Staged): void {
    const { settlingFrom } = staged;
    if (this.#settling === undefined || settlingFrom === undefined) return;
    if (staged.settledBefore !== undefined) return;
    const owed = this.#owed + 2 * staged.stored.length;
    const late = staged.next - this.#filledFrom >= this.#full;
    if (owed < this.#full * LEAST_SLICE && !late) return;
    const slice = this.#settling.keys.from(settlingFrom, late ? Number.POSITIVE_INFINITY : owed);
    settle(tx, slice.keys);
    if (slice.last) tx.run(SETTLED, [this.#settling.through]);
    staged.settlingFrom = slice.last ? undefined : slice.next;
  }

  /** The transaction is durable. Does not fail: what it cannot keep is caught up with later. */
  committed(): void {
    const staged = this.#staged;
    if (staged === undefined) return;
    this.#staged = undefined;
    if (staged.settledBefore !== undefined) this.#forget(staged.settledBefore);
    if (this.#filling.room < staged.stored.length) {
      this.#forget(0);
      return;
    }
    for (const { key, number } of staged.stored) {
      if (key !== undefined) this.#filling.add(key, number);
    }
    this.#next = staged.next;
    if (this.#settling !== undefined) {
      const moved = staged.settlingFrom !== this.#settling.from;
      this.#owed = moved ? 0 : this.#owed + 2 * staged.stored.length;
      if (staged.settlingFrom === undefined) this.#settling = undefined;
      else this.#settling.from = staged.settlingFrom;
    }
    if (this.#settling === undefined && this.#next - this.#filledFrom >= this.#full) {
      this.#settling = { keys: this.#filling, through: this.#next - 1, from: 0 };
      this.#filling = this.#empty();
      this.#filledFrom = this.#next;
      this.#owed = 0;
    }
  }

  rolledBack(): void {
    this.#staged = undefined;
  }

  #empty(): RecentKeys {
    return new RecentKeys(2 * this.#full);
  }

  /** Nothing is known from memory but what follows from this number on. */
  #forget(next: number): void {
    this.#filling = this.#empty();
    this.#settling = undefined;
    this.#filledFrom = next;
    this.#next = next;
  }

  #stage(): Staged {
    this.#staged ??= {
      stored: [],
      settlingFrom: this.#settling?.from,
      settledBefore: undefined,
      next: this.#next,
    };
    return this.#staged;
  }
}

function settle(tx: Tx, keys: readonly KeyedNumber[]): void {
  if (keys.length === 0) return;
  tx.run(SETTLE, [
    json(
      COLUMNS,
      keys.map(([request_key, number]) => ({ request_key, number })),
    ),
  ]);
}
