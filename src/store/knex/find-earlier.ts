import { json, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";

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
  const candidates: { readonly place: number; readonly number: number }[] = [];
  sought.forEach(({ request_key: key }, place) => {
    if (key === undefined) return;
    for (const number of tx.requestIds.recent(key)) candidates.push({ place, number });
  });
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
    const same = row?.created_by === one?.created_by && row?.request_id === one?.request_id;
    if (row !== undefined && same) found.set(place, { number, bodyHash: row.body_hash });
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
