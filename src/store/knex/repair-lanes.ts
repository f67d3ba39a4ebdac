import type { Repaired } from "../dispatch-store.js";
import type { Database } from "./database.js";
import { json } from "./database.js";
import { electHeads, type HeadlessLane } from "./elect-heads.js";
import { LANE_KEY, type LaneKey } from "./lane-key.js";

/** Waiting requests that one look takes in: a short one, however many there are. */
const LOOKED_AT = 2000;

/**
 * Looks for waiting requests whose lane is missing, which no statement of ours leaves behind: were
 * there one, nothing would ever claim it. Goes through all of them, a part at each call; `next` is
 * where to go on, 0 after the last.
 */
export async function repairLanes(database: Database, after: number): Promise<Repaired> {
  const rows = await database.reader.all<{
    number: number;
    provider: string;
    ca_id: string;
    head: number | null;
  }>(
    `SELECT w.number, w.provider, w.ca_id, l.head
     FROM (SELECT * FROM waiting WHERE number > ? ORDER BY number LIMIT ${LOOKED_AT}) w
     LEFT JOIN lanes l ON l.provider = w.provider AND l.ca_id = w.ca_id ORDER BY w.number`,
    [after],
  );
  const missing = new Map<string, { provider: string; ca_id: string }>();
  for (const { provider, ca_id, head } of rows) {
    if (head === null) missing.set(`${provider}\n${ca_id}`, { provider, ca_id });
  }
  const lanes = [...missing.values()];
  if (lanes.length > 0) await makeLanes(database, lanes);
  return {
    lanes: lanes.length,
    providers: [...new Set(lanes.map(({ provider }) => provider))],
    next: rows.length < LOOKED_AT ? 0 : (rows.at(-1)?.number ?? 0),
  };
}

/** Makes the lanes, if they are still missing, and gives them the heads they should have. */
async function makeLanes(database: Database, lanes: readonly LaneKey[]): Promise<void> {
  await database.write("dispatch", async (tx) => {
    const made = await tx.all<Omit<HeadlessLane, "ended">>(
      `INSERT INTO lanes (provider, ca_id, lane_rank, head, order_date, tail_date, wake_date,
         claim_number, attempts, tries, send_mark, since_date, depth)
       SELECT x.provider, x.ca_id, 0, 0, 0, coalesce((SELECT max(w.order_date) FROM waiting w
         WHERE w.provider = x.provider AND w.ca_id = x.ca_id AND w.due_date <= $now), 0), $now, 0, 0, 0, false, $now,
         (SELECT count(*) FROM waiting w WHERE w.provider = x.provider AND w.ca_id = x.ca_id)
       FROM ${tx.dialect.rows("x", LANE_KEY)} WHERE true ORDER BY x.provider, x.ca_id
       ON CONFLICT DO NOTHING RETURNING provider, ca_id, tail_date, depth`,
      [json(LANE_KEY, lanes)],
    );
    await electHeads(
      tx,
      made.map((lane) => ({ ...lane, ended: 0 })),
    );
  });
}
