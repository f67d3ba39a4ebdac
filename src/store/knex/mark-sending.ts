import type { ClaimedHead } from "../dispatch-store.js";
import { json, type Tx } from "./database.js";
import { inKeyOrder } from "./lane-key.js";

/** Marks claimed heads as about to be sent; false for those whose claim is lost. */
export async function markSending(
  tx: Tx,
  incarnation: string,
  heads: readonly ClaimedHead[],
): Promise<boolean[]> {
  const columns = {
    provider: "text",
    ca_id: "text",
    number: "bigint",
    claim_number: "bigint",
  } as const;
  const rows = inKeyOrder(
    heads.map((head) => ({
      provider: head.provider,
      ca_id: head.caId,
      number: head.number,
      claim_number: head.claimNumber,
    })),
  );
  // Lane statements take lanes in key order; an UPDATE alone promises none.
  tx.run(
    `SELECT l.ca_id FROM ${tx.dialect.rows("x", columns)} ${tx.dialect.joinLane("wait", "x")}`,
    [json(columns, rows)],
  );
  const marked = await tx.all<{ number: number }>(
    `UPDATE lanes SET send_mark = true, executed_date = $now FROM ${tx.dialect.rows("x", columns)}
     WHERE ${tx.dialect.laneOf("x")} AND lanes.owner = ?
       AND lanes.head = x.number AND lanes.claim_number = x.claim_number
     RETURNING lanes.head AS number`,
    [json(columns, rows), incarnation],
  );
  const numbers = new Set(marked.map(({ number }) => number));
  return heads.map((head) => numbers.has(head.number));
}
