import type { Lane, LaneKey } from "../../requests/lane.js";
import { explainWait, isBlocked, type ProviderCondition } from "../../requests/waiting-for.js";
import type { LanePage, ListedLanes } from "../lane-store.js";
import { type Db, json, type Value } from "./database.js";
import { type LaneRow, laneOf, selectLanes } from "./lane-row.js";

/** Lanes that one statement looks at in search of blocked ones: none holds a snapshot for long. */
const WINDOW = 5000;
/** A search among lanes that are not blocked stops after this, and goes on with the next page. */
const MAX_SEARCH_MS = 500;

type Conditions = ReadonlyMap<string, ProviderCondition>;

/** One page of lanes, by provider and CA id. */
export async function listLanes(
  db: Db,
  page: LanePage,
  conditions: Conditions,
): Promise<ListedLanes> {
  const stopAt = performance.now() + MAX_SEARCH_MS;
  const lanes: Lane[] = [];
  let after = page.after ?? { provider: "", caId: "" };
  do {
    const left = page.limit - lanes.length;
    const end = page.blockedOnly ? await windowEnd(db, page.provider, after) : undefined;
    const range = between(page.provider, after, end);
    // One more than the page has room for tells whether there is another page.
    const rows = await readLanes(db, range, page.blockedOnly, conditions, left + 1);
    for (const row of rows.slice(0, left)) {
      const lane = laneOf(row, conditions);
      if (!page.blockedOnly || isBlocked(lane.waitingFor)) lanes.push(lane);
    }
    const last = rows.length > left ? rows[left - 1] : undefined;
    const next = last === undefined ? end : { provider: last.provider, caId: last.ca_id };
    if (next === undefined) return { lanes, next };
    after = next;
  } while (lanes.length < page.limit && performance.now() < stopAt);
  return { lanes, next: after };
}

interface Sql {
  readonly text: string;
  readonly bindings: readonly Value[];
}

/** The lanes after one key, up to another if there is one. */
function between(provider: string | undefined, after: LaneKey, end: LaneKey | undefined): Sql {
  // Two forms, each of which the primary key answers by itself.
  const key = provider === undefined ? "(provider, ca_id)" : "provider = ? AND ca_id";
  const bound = ({ provider: name, caId }: LaneKey) =>
    provider === undefined ? [name, caId] : [caId];
  const place = provider === undefined ? "(?, ?)" : "?";
  const fixed = provider === undefined ? [] : [provider];
  const from = { text: `${key} > ${place}`, bindings: [...fixed, ...bound(after)] };
  if (end === undefined) return from;
  return {
    text: `${from.text} AND ${key} <= ${place}`,
    bindings: [...from.bindings, ...fixed, ...bound(end)],
  };
}

/** The last lane of the next window; undefined when the window reaches to the end. */
async function windowEnd(
  db: Db,
  provider: string | undefined,
  after: LaneKey,
): Promise<LaneKey | undefined> {
  const { text, bindings } = between(provider, after, undefined);
  const [end] = await db.all<{ provider: string; ca_id: string }>(
    `SELECT provider, ca_id FROM lanes WHERE ${text}
     ORDER BY provider, ca_id LIMIT 1 OFFSET ${WINDOW - 1}`,
    bindings,
  );
  return end && { provider: end.provider, caId: end.ca_id };
}

function readLanes(
  db: Db,
  range: Sql,
  blockedOnly: boolean,
  conditions: Conditions,
  limit: number,
): Promise<LaneRow[]> {
  const narrowed = blockedOnly ? [range, maybeBlocked(db, conditions)] : [range];
  const where = narrowed.map(({ text }) => text).join(" AND ");
  return db.all<LaneRow>(
    selectLanes(`(SELECT * FROM lanes WHERE ${where} ORDER BY provider, ca_id LIMIT ?)`),
    [...narrowed.flatMap(({ bindings }) => bindings), limit],
  );
}

/**
 * Leaves out the many that cannot be blocked: lanes being sent, asleep until a scheduled date, or
 * ready at a provider that nothing keeps from sending.
 */
function maybeBlocked(db: Db, conditions: Conditions): Sql {
  const ready = {
    now: 0,
    dueDate: 0,
    isHead: true,
    processImmediately: false,
    wakeDate: undefined,
  };
  const sending = [...conditions].filter(([, one]) => !isBlocked(explainWait(ready, one)));
  return {
    text: `owner IS NULL AND CASE WHEN wake_date > $now THEN sequence_number IS NOT NULL
      ELSE provider NOT IN (SELECT x.name FROM ${db.dialect.rows("x", { name: "text" })}) END`,
    bindings: [
      json(
        { name: "text" },
        sending.map(([name]) => ({ name })),
      ),
    ],
  };
}
