import { json, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";

/** A request as it is found by its request_id. */
export interface KeyedRequest {
  readonly number: number;
  /** Undefined without a request_id, and where no key is needed. */
  readonly key: number | undefined;
}

/**
 * How requests are found that were stored before under the same principal and request_id:
 * `Dialect.joinEarlier` finds those that the database has an index of, and this tells the rest.
 */
export interface RequestIds {
  /** What the index knows a request_id by, a safe integer; undefined where that is itself. */
  keyOf(createdBy: string, requestId: string): number | undefined;
  /** Numbers of requests that the index lacks, or may lack, and that may have this key. */
  recent(key: number): readonly number[];
  /** False when a request was stored before this number that it was not told of. */
  knowsAllBefore(number: number): boolean;
  /** Has the index take in whatever it lacks. */
  catchUp(tx: Tx): Promise<void>;
  /** Is told of requests that the transaction stores. */
  note(tx: Tx, stored: readonly KeyedRequest[]): void;
}

/** For a database whose index has every request from the start, and keeps two from being equal. */
export const INDEXED: RequestIds = {
  keyOf: () => undefined,
  recent: () => [],
  knowsAllBefore: () => true,
  catchUp: async () => undefined,
  note: () => undefined,
};

/** Whose request_id it is, and what its request is to be found by. */
export interface SoughtRequest {
  readonly created_by: string;
  readonly request_id: string | undefined;
  readonly request_key: number | undefined;
}

/** A request that was stored before under the same principal and request_id. */
export interface Earlier {
  readonly number: number;
  readonly bodyHash: string | null;
}

interface RecentRow {
  readonly number: number;
  readonly created_by: string;
  readonly request_id: string;
  readonly body_hash: string | null;
}

/** Of the sought requests those that the index lacks, by their places. */
export async function findRecent(
  tx: Tx,
  sought: readonly SoughtRequest[],
): Promise<ReadonlyMap<number, Earlier>> {
  const candidates = sought.flatMap(({ request_key: key }, place) =>
    key === undefined ? [] : tx.requestIds.recent(key).map((number) => ({ place, number })),
  );
  const found = new Map<number, Earlier>();
  if (candidates.length === 0) return found;
  const rows = await tx.all<RecentRow>(
    `SELECT number, created_by, request_id, body_hash FROM requests
     WHERE ${tx.dialect.isOneOf("number")}`,
    [tx.dialect.numbers(candidates.map(({ number }) => number))],
  );
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  for (const { place, number } of candidates) {
    const row = byNumber.get(number);
    const one = sought[place];
    // Two request_ids may have one key.
    if (row?.created_by !== one?.created_by || row?.request_id !== one?.request_id) continue;
    if (row !== undefined) found.set(place, { number, bodyHash: row.body_hash });
  }
  return found;
}

const SOUGHT = {
  created_by: "text",
  request_id: "text",
  request_key: "bigint",
} as const satisfies Record<keyof SoughtRequest, ColumnType>;

/** One request, by itself. */
export async function findEarlier(
  tx: Tx,
  createdBy: string,
  requestId: string | undefined,
): Promise<Earlier | undefined> {
  if (requestId === undefined) return undefined;
  await tx.requestIds.catchUp(tx);
  const sought: SoughtRequest = {
    created_by: createdBy,
    request_id: requestId,
    request_key: tx.requestIds.keyOf(createdBy, requestId),
  };
  const [row] = await tx.all<{ number: number | null; body_hash: string | null }>(
    `SELECT r.number, r.body_hash FROM ${tx.dialect.rows("x", SOUGHT)} ${tx.dialect.joinEarlier}`,
    [json(SOUGHT, [{ ...sought }])],
  );
  if (row !== undefined && row.number !== null) {
    return { number: row.number, bodyHash: row.body_hash };
  }
  return (await findRecent(tx, [sought])).get(0);
}
