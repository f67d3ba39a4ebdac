import { rankOf } from "../../requests/priority.js";
import { transactionOf } from "../../requests/transaction-number.js";
import type { ClaimAtCreate } from "../request-store.js";
import { CAME_DUE, HIGHEST_DUE_RANK } from "./came-due.js";
import type { Db, RowOf, Tx } from "./database.js";
import type { ColumnType, Dialect } from "./dialect.js";
import type { NewLane } from "./group-by-lane.js";
import { byKey, type LaneKey } from "./lane-key.js";
import { writeMany } from "./many-rows.js";
import type { NewRequest } from "./new-request.js";
import { type ReservedClaims, returnUnused } from "./reserve-claims.js";
import { RowShape } from "./row-shape.js";

/** Where a new request stands in its lane. */
export interface LanePlace {
  readonly orderDate: number;
  /** The number of the lane's head. */
  readonly head: number;
  /** The head's id; undefined when the request is the head itself. */
  readonly headId: string | undefined;
  /** Set when the create claimed the lane, which it is then the head of. */
  readonly sequenceNumber: number | undefined;
  /** Open requests of the lane, those of the batch included. */
  readonly depth: number;
}

interface LaneRow extends LaneKey {
  readonly tail_date: number;
  readonly head: number;
  /** Null for a head that the statement could not see yet. */
  readonly head_id: string | null;
  readonly sequence_number: number | null;
  readonly depth: number;
}

const LANE_COLUMNS: Readonly<Record<keyof LaneRow, string>> = {
  provider: "lanes.provider",
  ca_id: "lanes.ca_id",
  tail_date: "lanes.tail_date",
  head: "lanes.head",
  head_id: "(SELECT r.id FROM requests r WHERE r.number = lanes.head)",
  sequence_number: "lanes.sequence_number",
  depth: "lanes.depth",
};

const COLUMNS = {
  provider: "text",
  ca_id: "text",
  lane_rank: "integer",
  head: "bigint",
  order_date: "bigint",
  tail_date: "bigint",
  wake_date: "bigint",
  owner: "text",
  held_by: "text",
  claim_number: "bigint",
  sequence_number: "bigint",
  transaction_number: "bigint",
  depth: "integer",
  since_date: "bigint",
} as const satisfies Record<string, ColumnType>;

/** Nearly all lanes are awake and not claimed when they are made. */
const LANES = new RowShape(COLUMNS, {
  rare: ["wake_date", "owner", "held_by", "sequence_number", "transaction_number"],
  alike: [["provider", "lane_rank", "order_date", "tail_date", "claim_number", "since_date"]],
});

/** A lane's head that sleeps until its scheduled date and was never claimed gives way to a sooner one. */
const GIVES_WAY = `lanes.owner IS NULL AND lanes.sequence_number IS NULL
  AND lanes.wake_date > $now AND coalesce(excluded.wake_date, 0) < lanes.wake_date`;

/**
 * Puts new requests into their lanes, making the lanes that are not there, and tells the place of
 * each by its number. Every create locks its lane, in key order (so DO UPDATE, never DO NOTHING): an
 * outcome that looks for the lane's next head at the same time either sees the new request or runs
 * before it.
 *
 * A lane whose time has come is promoted, as in claims: from then on no clock makes it sleep again.
 *
 * A lane's tail date is at least the order date of each of its requests that is due or was ever
 * claimed; a new request takes its place behind it, whatever the clock says.
 */
export async function joinLanes(
  tx: Tx,
  lanes: readonly NewLane[],
  reserved: ReservedClaims,
  claim: ClaimAtCreate,
): Promise<ReadonlyMap<number, LanePlace>> {
  const rows = lanes.map((lane) => {
    const { provider, ca_id, members } = lane;
    const first = members.reduce((a, b) => (b.dueDate < a.dueDate ? b : a));
    const sequence = reserved.get(lane);
    return {
      provider,
      ca_id,
      lane_rank: rankOfDue(members),
      head: first.number,
      order_date: first.dueDate === 0 ? first.now : first.dueDate,
      tail_date: first.dueDate === 0 ? first.now : 0,
      wake_date: first.dueDate === 0 ? undefined : first.dueDate,
      owner: sequence === undefined ? undefined : claim.incarnation,
      held_by: sequence === undefined ? undefined : claim.incarnation,
      claim_number: sequence === undefined ? 0 : 1,
      sequence_number: sequence,
      transaction_number: sequence === undefined ? undefined : transactionOf(sequence),
      depth: members.length,
      since_date: first.now,
    };
  });
  const joined = await upsertLanes(tx, rows);
  const grown = grownLanes(joined, lanes, reserved);
  const claimed = grown.flatMap((one) => (one.sequenceNumber === undefined ? [] : [one.lane]));
  returnUnused(tx, reserved, claimed, claim);
  const unseen = await unseenHeads(tx, grown);
  const places = new Map<number, LanePlace>();
  for (const { lane, members, sequenceNumber, headId = unseen.get(lane.head) } of grown) {
    for (const { number, dueDate } of members) {
      const isHead = lane.head === number;
      places.set(number, {
        orderDate: dueDate === 0 ? lane.tail_date : Math.max(dueDate, lane.tail_date),
        head: lane.head,
        headId: isHead ? undefined : headId,
        depth: lane.depth,
        sequenceNumber: isHead ? sequenceNumber : undefined,
      });
    }
  }
  return places;
}

/** The highest rank of those that are due, 0 where none is. */
function rankOfDue(members: readonly NewRequest[]): number {
  let rank = 0;
  for (const { create, dueDate } of members) {
    if (dueDate === 0) rank = Math.max(rank, rankOf(create));
  }
  return rank;
}

type NewLaneRow = RowOf<typeof COLUMNS> & LaneKey;

/**
 * Writes the lanes, and returns them as they are then. Few of those that are there already have
 * more to change than their depth and tail; and where an UPDATE writes an index for each column that
 * it sets, changed or not, those few have a statement of their own.
 */
async function upsertLanes(tx: Tx, rows: readonly NewLaneRow[]): Promise<readonly LaneRow[]> {
  if (!tx.dialect.rewritesIndexes) return await writeLanes(tx, rows, anyJoin(tx.dialect));
  const joined = await writeLanes(tx, rows, plainJoin(tx.dialect));
  if (joined.length === rows.length) return joined;
  const done = byKey(joined);
  const left = rows.filter(({ provider, ca_id }) => done.get(provider, ca_id) === undefined);
  return [...joined, ...(await writeLanes(tx, left, anyJoin(tx.dialect)))];
}

/** What a request changes in a lane that is awake, and whose rank is no less than its own. */
function plainJoin({ greatest }: Dialect): string {
  return `depth = lanes.depth + excluded.depth,
    tail_date = ${greatest("lanes.tail_date", "excluded.tail_date")}
    WHERE lanes.wake_date IS NULL AND lanes.lane_rank >= excluded.lane_rank`;
}

function anyJoin({ greatest }: Dialect): string {
  return `depth = lanes.depth + excluded.depth,
    lane_rank = ${greatest(
      greatest("lanes.lane_rank", "excluded.lane_rank"),
      `CASE WHEN ${CAME_DUE} THEN ${HIGHEST_DUE_RANK} ELSE 0 END`,
    )},
    tail_date = ${greatest(
      greatest("lanes.tail_date", "excluded.tail_date"),
      `CASE WHEN ${CAME_DUE} THEN lanes.order_date ELSE 0 END`,
    )},
    head = CASE WHEN ${GIVES_WAY} THEN excluded.head ELSE lanes.head END,
    order_date = CASE WHEN ${GIVES_WAY}
      THEN ${greatest("excluded.order_date", "lanes.tail_date")} ELSE lanes.order_date END,
    since_date = CASE WHEN ${GIVES_WAY} THEN excluded.since_date ELSE lanes.since_date END,
    wake_date = CASE WHEN ${GIVES_WAY} THEN excluded.wake_date
      WHEN ${CAME_DUE} THEN NULL ELSE lanes.wake_date END`;
}

function writeLanes(tx: Tx, rows: readonly NewLaneRow[], join: string): Promise<LaneRow[]> {
  const { names, from, bindings } = LANES.give(tx.dialect, rows);
  return writeMany<LaneRow>(
    tx,
    LANE_COLUMNS,
    `INSERT INTO lanes (${names}, attempts, tries, send_mark)
     SELECT ${names}, 0, 0, false FROM ${from} WHERE true
     ON CONFLICT (provider, ca_id) DO UPDATE SET ${join}`,
    bindings,
  );
}

/** A lane with those that have just joined it. */
interface GrownLane {
  readonly lane: LaneRow;
  readonly members: readonly NewRequest[];
  /** As the statement saw it, or of this batch and not inserted yet; else undefined. */
  readonly headId: string | undefined;
  /** Set when this create made and claimed the lane: the number that was reserved is given once. */
  readonly sequenceNumber: number | undefined;
}

function grownLanes(
  joined: readonly LaneRow[],
  lanes: readonly NewLane[],
  reserved: ReservedClaims,
): readonly GrownLane[] {
  const joining = byKey(lanes);
  return joined.map((lane) => {
    const own = joining.get(lane.provider, lane.ca_id);
    if (own === undefined) throw new Error("a lane that no create has joined");
    const head = own.members.find(({ number }) => number === lane.head);
    const sequence = reserved.get(own);
    return {
      lane,
      members: own.members,
      headId: lane.head_id ?? head?.acceptance.id,
      sequenceNumber: lane.sequence_number === sequence ? sequence : undefined,
    };
  });
}

/**
 * Ids of the other heads, by their numbers: another transaction, which the statement waited for,
 * made them meanwhile. The lane is then as that one left it, the requests as they were before. The
 * next statement sees them.
 */
async function unseenHeads(
  tx: Db,
  grown: readonly GrownLane[],
): Promise<ReadonlyMap<number, string>> {
  const unseen = grown.filter(({ headId }) => headId === undefined);
  if (unseen.length === 0) return new Map();
  const rows = await tx.all<{ number: number; id: string }>(
    `SELECT number, id FROM requests WHERE ${tx.dialect.isOneOf("number")}`,
    [tx.dialect.numbers(unseen.map(({ lane }) => lane.head))],
  );
  return new Map(rows.map(({ number, id }) => [number, id]));
}
