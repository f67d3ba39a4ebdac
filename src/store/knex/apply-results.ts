import type { Applied, HeadResult } from "../dispatch-store.js";
import { answerTexts } from "./answer-texts.js";
import { GIVE_UP } from "./claims.js";
import { json, type Tx } from "./database.js";
import { returnTokens } from "./dispatch-row.js";
import { electHeads, type HeadlessLane } from "./elect-heads.js";
import { selectMany } from "./many-rows.js";
import { claimsOf, countInRuns, type Finish, insertSent, PLACED_CLAIM } from "./sent-results.js";
import { type NumberedSuccession, readSuccessors, Successions } from "./succession.js";

/** A lane whose claim stands, with the place of its result. */
type Standing = { readonly i: number; readonly now: number } & Omit<HeadlessLane, "ended" | "next">;

/**
 * Writes what became of claimed heads. The fence comes first: the lanes are locked in key order,
 * and only results whose incarnation, claim number and head still stand go on.
 */
export async function applyResults(
  tx: Tx,
  incarnation: string,
  results: readonly HeadResult[],
  asked: readonly NumberedSuccession[],
): Promise<Applied> {
  giveTokensBack(tx, results);
  const [successions, standing] = await Promise.all([
    Successions.open(tx, incarnation, asked),
    selectMany<Standing>(
      tx,
      ["i", "now", "provider", "ca_id", "tail_date", "depth"],
      `SELECT x.i, $now AS now, l.provider, l.ca_id, l.tail_date, l.depth
       FROM ${tx.dialect.rows("x", PLACED_CLAIM)} ${tx.dialect.joinLane("wait", "x")}
       WHERE l.owner = ? AND l.head = x.head AND l.claim_number = x.claim_number`,
      [json(PLACED_CLAIM, claimsOf(results)), incarnation],
    ),
  ]);
  const applied = new Array<boolean>(results.length).fill(false);
  const finished: Finish[] = [];
  const headless: HeadlessLane[] = [];
  const kept: HeadResult[] = [];
  for (const lane of standing) {
    const result = results[lane.i];
    if (result === undefined) continue;
    applied[lane.i] = true;
    if (result.kind === "finish") {
      finished.push(result);
      const { provider, ca_id, tail_date, depth } = lane;
      const next = successions.numbersFor(lane, result);
      headless.push({ provider, ca_id, tail_date, depth, ended: 1, next });
    } else kept.push(result);
  }
  const date = standing[0]?.now ?? 0;
  insertSent(tx, finished, await answerTexts(tx, finished), date);
  const wentOn = await electHeads(tx, headless);
  putBack(tx, kept);
  const successors = await readSuccessors(tx, wentOn, finished);
  countInRuns(tx, [...finished, ...kept], successors);
  return { applied, date, successors };
}

/** Before the lanes, as every lock of a dispatch row. A claim that was lost gives one too many. */
function giveTokensBack(tx: Tx, results: readonly HeadResult[]): void {
  const unsent = new Map<string, number>();
  for (const result of results) {
    if (result.kind !== "release" || !result.returnToken) continue;
    const { provider } = result.head;
    unsent.set(provider, (unsent.get(provider) ?? 0) + 1);
  }
  for (const provider of [...unsent.keys()].sort()) {
    returnTokens(tx, provider, unsent.get(provider) ?? 0);
  }
}

/** Deferred heads sleep; released ones are ready at once. Both stay the head of their lane. */
function putBack(tx: Tx, results: readonly HeadResult[]): void {
  if (results.length === 0) return;
  const columns = {
    provider: "text",
    ca_id: "text",
    delay: "bigint",
    executed_date: "bigint",
    attempts: "integer",
    tries: "integer",
    last_error: "text",
  } as const;
  const rows = results.map((result) => ({
    provider: result.head.provider,
    ca_id: result.head.caId,
    ...(result.kind === "defer"
      ? {
          delay: result.delayMs,
          executed_date: result.executedDate,
          attempts: result.attempts,
          tries: result.tries,
          last_error: result.lastError,
        }
      : {
          attempts: result.head.attempts,
          tries: result.head.tries,
          last_error: result.kind === "release" ? result.lastError : undefined,
        }),
  }));
  tx.run(
    `UPDATE lanes SET ${GIVE_UP}, wake_date = $now + x.delay, attempts = x.attempts,
       tries = x.tries, executed_date = coalesce(x.executed_date, lanes.executed_date),
       last_error = coalesce(x.last_error, lanes.last_error), send_mark = false,
       since_date = $now
     FROM ${tx.dialect.rows("x", columns)}
     WHERE ${tx.dialect.laneOf("x")}`,
    [json(columns, rows)],
  );
}
