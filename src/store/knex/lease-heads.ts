import { firstThatFit } from "../../memory/first-that-fit.js";
import { COMMAND_TYPES, type CommandType, type Resend } from "../../requests/command.js";
import { PULL_PROCESS, PULL_PROTOCOL } from "../../requests/pulled.js";
import type { ClaimedHead } from "../dispatch-store.js";
import type { HandedOut, Leased, LeaseOptions } from "../pull-store.js";
import { chooseHeads } from "./choose-heads.js";
import { type Db, json, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { lockDispatch, spend } from "./dispatch-row.js";
import { numberHeads } from "./number-heads.js";
import { findCameDue, promoteLanes } from "./promote-lanes.js";
import { type RequestRow, requestOf, selectRequests } from "./request-row.js";

/** How old the date of the last claim may be: it only tells whether anybody claims. */
const NOTED_EVERY_MS = 10_000;

/** Heads of one provider that a lease holds; the same as no lease when there are none. */
type Held = Extract<Leased, { kind: "leased" }>;

const NOTHING: Held = {
  kind: "leased",
  handedOut: [],
  expireDate: 0,
  heldBackBy: undefined,
};

/**
 * Leases ready lane heads of a pulled provider, as `claimHeads` claims them for a process: under
 * the lock of the provider's `dispatch` row, then that of the lanes. Here somebody else's claim is
 * waited for: who gets nothing would take it for "nothing is pending".
 *
 * The lease's row comes last, and becomes visible together with what it owns. From then on no lane
 * is added to it; so once it has run out and its lanes are free, it is over.
 *
 * To be handed out is to be sent: at-most-once commands have their send mark from here on.
 */
export async function leaseHeads(tx: Tx, options: LeaseOptions): Promise<Leased> {
  const { provider, limit } = options;
  const dispatch = await lockDispatch(tx, provider, options.pace, "wait");
  const [found] = await tx.all<{ protocol: string; life_cycle_state: string }>(
    "SELECT protocol, life_cycle_state FROM providers WHERE name = ?",
    [provider],
  );
  if (dispatch === undefined || found?.protocol !== PULL_PROTOCOL) return { kind: "not_pulled" };
  noteClaim(tx, provider);
  if (found.life_cycle_state !== "EFFECTIVE") {
    return { ...NOTHING, heldBackBy: "PROVIDER_NOT_EFFECTIVE" };
  }
  const free = options.maxInFlight - (await leasedByAll(tx, provider));
  const places = Math.min(limit, Math.floor(dispatch.tokens), free);
  if (places <= 0 || dispatch.pausedMs > 0) return { ...NOTHING, heldBackBy: "CAPACITY" };

  await promoteLanes(tx, await findCameDue(tx, provider));
  const { turn } = dispatch;
  const { chosen, more } = await chooseHeads(tx, {
    provider,
    places,
    turn,
    immediateOnly: false,
  });
  if (chosen.length === 0) return NOTHING;
  // What no answer could tell would be out of reach until its lease ended, and for ever after.
  const told = firstThatFit(chosen, ({ parameters }) => Buffer.byteLength(parameters));
  const { heads, sequence } = numberHeads(told, dispatch.sequence);
  spend(tx, dispatch, sequence, heads.length);
  own(tx, heads, options.lease);
  const [lease] = await tx.all<{ expire_date: number }>(
    `INSERT INTO pull_leases (id, provider, expire_date)
     VALUES (?, ?, $now + CAST(? AS bigint)) RETURNING expire_date`,
    [options.lease, provider, options.leaseMs],
  );
  return {
    kind: "leased",
    handedOut: await withRequests(tx, heads),
    expireDate: lease?.expire_date ?? 0,
    heldBackBy: more && places < limit ? "CAPACITY" : undefined,
  };
}

function noteClaim(tx: Tx, provider: string): void {
  tx.run(
    `UPDATE dispatch SET pulled_date = $now WHERE provider = ?
       AND (pulled_date IS NULL OR pulled_date NOT BETWEEN $now - ${NOTED_EVERY_MS} AND $now)`,
    [provider],
  );
}

/** Heads of the provider that are handed out, over all leases, also such as have just run out. */
async function leasedByAll(tx: Db, provider: string): Promise<number> {
  const [leased] = await tx.all<{ heads: number }>(
    `SELECT CAST(coalesce(sum((SELECT count(*) FROM lanes l
       WHERE l.held_by = p.id AND l.owner = p.id)), 0) AS bigint) AS heads FROM pull_leases p WHERE p.provider = ?`,
    [provider],
  );
  return leased?.heads ?? 0;
}

const COLUMNS = {
  provider: "text",
  ca_id: "text",
  sequence_number: "bigint",
  transaction_number: "bigint",
  send_mark: "boolean",
} as const satisfies Record<string, ColumnType>;

const RESEND: Readonly<Record<CommandType, Resend>> = COMMAND_TYPES;

/** Marks lanes, which the transaction has locked, as owned by the lease, and as sent. */
function own(tx: Tx, heads: readonly ClaimedHead[], lease: string): void {
  const rows = heads.map((head) => ({
    provider: head.provider,
    ca_id: head.caId,
    sequence_number: head.sequenceNumber,
    transaction_number: head.transactionNumber,
    send_mark: RESEND[head.command.type] === "AT_MOST_ONCE",
  }));
  tx.run(
    `UPDATE lanes SET owner = ?, held_by = ?, claim_number = lanes.claim_number + 1,
       sequence_number = x.sequence_number, transaction_number = x.transaction_number,
       send_mark = x.send_mark, executed_date = $now, process_name = ?, process_id = NULL,
       tail_date = ${tx.dialect.greatest("lanes.tail_date", "lanes.order_date")}
     FROM ${tx.dialect.rows("x", COLUMNS)} WHERE ${tx.dialect.laneOf("x")}`,
    [lease, lease, PULL_PROCESS, json(COLUMNS, rows)],
  );
}

/** The heads with their requests, by key. */
async function withRequests(tx: Db, heads: readonly ClaimedHead[]): Promise<HandedOut[]> {
  const rows = await tx.all<RequestRow>(
    `${selectRequests("basic", tx.dialect)} WHERE ${tx.dialect.isOneOf("r.number")}`,
    [tx.dialect.numbers(heads.map(({ number }) => number))],
  );
  // What bears on waiting is nobody's business here: none of them waits.
  const requests = new Map(rows.map((row) => [row.number, requestOf(row, new Map())]));
  return heads.map((head) => {
    const request = requests.get(head.number);
    if (request === undefined) throw new Error(`lane head ${head.number} has no request`);
    return { head, request };
  });
}
