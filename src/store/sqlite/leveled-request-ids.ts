import { json, type Tx } from "../knex/database.js";
import type { ColumnType } from "../knex/dialect.js";
import { selectMany } from "../knex/many-rows.js";
import type { KeyedRequest, RequestIds } from "../knex/request-ids.js";
import { type KeyedNumber, RecentKeys } from "./recent-keys.js";
import { requestKey } from "./request-key.js";
import { sqliteDialect } from "./sqlite-dialect.js";

/** Keys that are kept in memory before they settle. */
const FULL = 32_768;
/** Keys that are settled by one statement while requests are stored, as a part of those. */
const SLICE = 1 / 128;
/** Requests that are read and settled by one transaction, to catch up. */
const CHUNK = 10_000;

const COLUMNS = {
  request_key: "bigint",
  number: "bigint",
} as const satisfies Record<string, ColumnType>;

const SETTLE = `INSERT OR IGNORE INTO request_ids (request_key, number)
  SELECT request_key, number FROM ${sqliteDialect.rows("x", COLUMNS)} WHERE true`;
// Never back: another process may have settled more.
const SETTLED = "UPDATE settled_requests SET through_number = max(through_number, ?)";

/** What becomes of the keys when the transaction commits. */
interface Staged {
  readonly stored: KeyedRequest[];
  /** Where settling goes on; undefined when it is over. */
  settlingFrom: number | undefined;
  /** All that is stored is settled. */
  caughtUp: boolean;
  next: number;
}

/**
 * The index of request_ids in two levels: the table `request_ids`, and in memory the keys of what
 * was stored since. Request_ids are random, so each would change a page of the table, which its
 * commit writes; thirty thousand of them taken in by their order change a page for many. A create
 * in a batch of 500 cost 100 us with an index by request_id, 62 without any.
 *
 *   stored ──commit──▶ filling ──full, nothing settling──▶ settling ──slices──▶ in the table
 *
 * Each transaction that stores requests settles twice as many, in slices, so that the keys that
 * settle are gone before the next ones are full: memory is bounded without a clock.
 *
 * `settled_requests` says up to which number all are in the table. What lies beyond is known from
 * memory, or else read from `requests`, which has every request_id: after a start, and whenever the
 * next number is not the one that follows the last request known here, because another process
 * stored some or a commit that seemed to fail did not. All of it happens inside of transactions that
 * write, of which there is one at a time.
 */
export class LeveledRequestIds implements RequestIds {
  readonly keyOf = requestKey;
  #filling: RecentKeys;
  #settling: { readonly keys: RecentKeys; readonly through: number; from: number } | undefined;
  /** Keys owed to the table by what was stored since the last slice. */
  #owed = 0;
  /** The number after the last request known. */
  #next = 0;
  #staged: Staged | undefined;

  /** `full`: another number of keys to keep than the service's, for tests. */
  constructor(full = FULL) {
    this.#filling = new RecentKeys(full);
  }

  recent(key: number): readonly number[] {
    const settling = this.#settling?.keys.numbersOf(key) ?? [];
    return [...this.#filling.numbersOf(key), ...settling];
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
    const through = Math.min(at.settled + CHUNK, at.next - 1);
    if (through > at.settled) {
      const rows = await selectMany<{ number: number; created_by: string; request_id: string }>(
        tx,
        ["number", "created_by", "request_id"],
        `SELECT number, created_by, request_id FROM requests
         WHERE number > ? AND number <= ? AND request_id IS NOT NULL`,
        [at.settled, through],
      );
      const keys = rows.map(
        (row): KeyedNumber => [requestKey(row.created_by, row.request_id), row.number],
      );
      settle(
        tx,
        keys.sort(([a], [b]) => a - b),
      );
      tx.run(SETTLED, [through]);
    }
    if (through < at.next - 1) return false;
    this.#stage().caughtUp = true;
    this.#stage().next = at.next;
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
    if (this.#settling === undefined || settlingFrom === undefined || staged.caughtUp) return;
    const owed = this.#owed + 2 * staged.stored.length;
    const { size, full } = this.#filling;
    const late = size + staged.stored.length >= full;
    if (owed < full * SLICE && !late) return;
    const slice = this.#settling.keys.from(settlingFrom, late ? Number.POSITIVE_INFINITY : owed);
    settle(tx, slice.keys);
    if (slice.last) tx.run(SETTLED, [this.#settling.through]);
    staged.settlingFrom = slice.last ? undefined : slice.next;
  }

  /** The transaction is durable. */
  committed(): void {
    const staged = this.#staged;
    if (staged === undefined) return;
    this.#staged = undefined;
    if (staged.caughtUp) {
      this.#filling = this.#empty();
      this.#settling = undefined;
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
    if (this.#settling === undefined && this.#filling.size >= this.#filling.full) {
      this.#settling = { keys: this.#filling, through: this.#next - 1, from: 0 };
      this.#filling = this.#empty();
      this.#owed = 0;
    }
  }

  rolledBack(): void {
    this.#staged = undefined;
  }

  #empty(): RecentKeys {
    return new RecentKeys(this.#filling.full);
  }

  #stage(): Staged {
    this.#staged ??= {
      stored: [],
      settlingFrom: this.#settling?.from,
      caughtUp: false,
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
