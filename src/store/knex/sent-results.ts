import { SERVICE } from "../../requests/ended-request.js";
import type { ClaimedHead, HeadResult } from "../dispatch-store.js";
import { json, type RowOf, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { insertOutcomes } from "./insert-outcomes.js";
import { inKeyOrder } from "./lane-key.js";

/** The result of a head whose request has ended. */
export type Finish = Extract<HeadResult, { kind: "finish" }>;

/** What must still stand of a claim for its result to count. */
export const CLAIM = {
  provider: "text",
  ca_id: "text",
  head: "bigint",
  claim_number: "bigint",
} as const satisfies Record<string, ColumnType>;

/** The same, with the place of the result. */
export const PLACED_CLAIM = { i: "integer", ...CLAIM } as const;

/** The claims that results were made under, in the order in which lanes are locked. */
export function claimsOf(results: readonly HeadResult[]): Required<RowOf<typeof PLACED_CLAIM>>[] {
  return inKeyOrder(
    results.map(({ head: { provider, caId, number, claimNumber } }, i) => ({
      i,
      provider,
      ca_id: caId,
      head: number,
      claim_number: claimNumber,
    })),
  );
}

/** Writes the outcomes of requests that were sent, with what they answered, as `answerTexts` has it. */
export function insertSent(
  tx: Tx,
  results: readonly Finish[],
  answers: readonly (string | undefined)[],
  date: number,
): void {
  insertOutcomes(
    tx,
    results.map((result, i) => ({
      number: result.head.number,
      life_cycle_state: result.state,
      sequence_number: result.head.sequenceNumber,
      transaction_number: result.head.transactionNumber,
      executed_date: result.executedDate,
      request: result.request,
      response: result.response,
      reference_number: result.referenceNumber,
      answer: answers[i],
      error_code: result.errorCode,
      error_description: result.errorDescription,
      error_origin: result.errorOrigin,
      attempts: result.attempts,
      process_name: result.processName,
      process_id: result.processId,
      ended_by: SERVICE,
      ended_date: date,
    })),
  );
}

/**
 * Adds results to the counts of the runs that they were selected in, and the heads that came after
 * them where their lanes went on. The runs are taken in the order of their ids: two batches with
 * several each would wait for one another.
 */
export function countInRuns(
  tx: Tx,
  results: readonly HeadResult[],
  successors: ReadonlyMap<number, ClaimedHead> = new Map(),
): void {
  const runs = new Map<
    string,
    { id: string; selected: number; completed: number; rejected: number; deferred: number }
  >();
  for (const result of results) {
    const id = result.processId;
    if (id === undefined) continue;
    const counts = runs.get(id) ?? { id, selected: 0, completed: 0, rejected: 0, deferred: 0 };
    runs.set(id, counts);
    if (successors.has(result.head.number)) counts.selected += 1;
    if (result.kind !== "finish") counts.deferred += 1;
    else if (result.state === "COMPLETED") counts.completed += 1;
    else counts.rejected += 1;
  }
  if (runs.size === 0) return;
  const columns = {
    id: "text",
    selected: "bigint",
    completed: "bigint",
    rejected: "bigint",
    deferred: "bigint",
  } as const;
  tx.run(
    `UPDATE runs SET selected = runs.selected + x.selected,
       completed = runs.completed + x.completed, rejected = runs.rejected + x.rejected,
       deferred = runs.deferred + x.deferred
     FROM ${tx.dialect.rows("x", columns)} WHERE runs.id = x.id`,
    [json(columns, [...runs.values()].sort(byId))],
  );
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
