import { PULL_PROCESS, PULL_PROTOCOL } from "../../requests/pulled.js";
import type { Answered, FinishOf, PullAnswer } from "../pull-store.js";
import { answerTexts } from "./answer-texts.js";
import { type Db, json, type Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import { electHeads, type HeadlessLane } from "./elect-heads.js";
import { claimedHead, type HeadRow, selectHeads } from "./head-row.js";
import { lockLanesOf } from "./lock-lanes.js";
import { type Finish, insertSent } from "./sent-results.js";

/** A lane whose head was handed out, and is open. */
interface HandedOutRow extends HeadRow {
  /** The database's time. */
  readonly now: number;
  readonly tail_date: number;
  readonly owner: string | null;
  readonly executed_date: number | null;
}

/**
 * Takes what a third party says became of requests.
 *
 * The fence is not the lease: an answer is the truth about a command, whoever holds that by now. So
 * one that comes late counts, also after the request was handed out again, as long as it is open:
 * the lanes are locked in key order, then looked at, and the first answer ends the head of its lane,
 * takes it from whatever lease owns it, and gives the lane its next. Whoever answers second finds
 * the outcome.
 *
 * That a head was handed out is told by its lane's process, which it keeps when its lease ends, and
 * which a dispatcher's claim replaces, should the provider no longer be pulled by then.
 */
export async function answerHeads(
  tx: Tx,
  answers: readonly PullAnswer[],
  finishOf: FinishOf,
): Promise<Answered[]> {
  const named = await resolve(tx, answers);
  const first = new Map<number, PullAnswer>();
  for (const [i, answer] of answers.entries()) {
    const number = named[i]?.number;
    if (number !== undefined && !first.has(number)) first.set(number, answer);
  }
  const numbers = [...first.keys()];
  const finished = numbers.length === 0 ? new Map() : await finish(tx, first, finishOf);
  const before = await readOutcomes(tx, numbers);
  return answers.map((answer, i) => {
    const one = named[i];
    if (one?.number === undefined) return refusal("PROVISIONING_REQUEST_NOT_FOUND", answer);
    const applied = finished.get(one.number);
    if (applied !== undefined && first.get(one.number) === answer) return applied;
    const outcome = before.get(one.number);
    const { process_name: process, response, life_cycle_state: state } = outcome ?? {};
    if (process === PULL_PROCESS && response === answer.text) return { kind: "repeated" };
    if (!one.pulled) return refusal("PROVIDER_NOT_PULLED", answer);
    if (state === undefined) return refusal("STATE_NOT_ALLOWED", answer, "was not handed out");
    return refusal("STATE_NOT_ALLOWED", answer, `is ${state}, otherwise than by this answer`);
  });
}

interface Named {
  readonly number: number | undefined;
  readonly pulled: boolean;
}

const NAMES = {
  id: "text",
  number: "bigint",
} as const satisfies Record<string, ColumnType>;

/** The requests that answers name, by key, in their order. */
async function resolve(tx: Db, answers: readonly PullAnswer[]): Promise<Named[]> {
  const { rows, joinRow } = tx.dialect;
  const found = await tx.all<{ place: number; number: number | null; protocol: string | null }>(
    `SELECT x.place, coalesce(a.number, b.number) AS number, p.protocol
     FROM ${rows("x", NAMES)} ${joinRow("requests", "a", "a.id = x.id")}
     ${joinRow("requests", "b", "b.number = x.number")}
     ${joinRow("providers", "p", "p.name = coalesce(a.provider, b.provider)")}`,
    [
      json(
        NAMES,
        answers.map(({ identifier: { by, value } }) => ({ [by]: value })),
      ),
    ],
  );
  const named: Named[] = answers.map(() => ({ number: undefined, pulled: false }));
  for (const { place, number, protocol } of found) {
    named[place] = { number: number ?? undefined, pulled: protocol === PULL_PROTOCOL };
  }
  return named;
}

/** Ends the heads among the requests that were handed out; what was written of each. */
async function finish(
  tx: Tx,
  answers: ReadonlyMap<number, PullAnswer>,
  finishOf: FinishOf,
): Promise<Map<number, Answered>> {
  const { rows, joinRow, joinLane } = tx.dialect;
  const columns = { number: "bigint" } as const;
  const numbers = [...answers.keys()];
  await lockLanesOf(tx, numbers);
  const handedOut = await tx.all<HandedOutRow>(
    selectHeads(
      `SELECT $now AS now, l.* FROM ${rows("x", columns)}
       ${joinRow("waiting", "w", "w.number = x.number")} ${joinLane("none", "w")}
       WHERE l.head = x.number AND l.process_name = ?`,
      tx.dialect,
    ),
    [
      json(
        columns,
        numbers.map((number) => ({ number })),
      ),
      PULL_PROCESS,
    ],
  );
  const date = handedOut[0]?.now ?? 0;
  const finishes: Finish[] = [];
  const headless: HeadlessLane[] = [];
  const finished = new Map<number, Answered>();
  for (const row of handedOut) {
    const { sequence_number: sequenceNumber, transaction_number: transactionNumber } = row;
    const answer = answers.get(row.head);
    if (answer === undefined || sequenceNumber === null || transactionNumber === null) continue;
    const head = claimedHead(row, row, { sequenceNumber, transactionNumber });
    const result = finishOf(answer, head, row.executed_date ?? date);
    if ("reason" in result) {
      finished.set(row.head, { kind: "refused", fault: result });
      continue;
    }
    finishes.push(result);
    headless.push({ ...row, ended: 1 });
    finished.set(row.head, { kind: "applied", finish: result, date });
  }
  insertSent(tx, finishes, await answerTexts(tx, finishes), date);
  await electHeads(tx, headless);
  endEmptyLeases(tx, handedOut);
  return finished;
}

/**
 * A lease that nothing is handed out under any more is over before its time, so that there are
 * never more leases than lanes in hand. One that two calls empty together stays until then.
 */
function endEmptyLeases(tx: Tx, lanes: readonly HandedOutRow[]): void {
  const owners = new Set(lanes.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  for (const id of [...owners].sort()) {
    tx.run(
      `DELETE FROM pull_leases WHERE id = ?
         AND NOT EXISTS (SELECT 1 FROM lanes l WHERE l.held_by = ? AND l.owner = ?)`,
      [id, id, id],
    );
  }
}

interface OutcomeRow {
  readonly number: number;
  readonly life_cycle_state: string;
  readonly response: string | null;
  readonly process_name: string | null;
}

async function readOutcomes(tx: Db, numbers: readonly number[]): Promise<Map<number, OutcomeRow>> {
  if (numbers.length === 0) return new Map();
  const rows = await tx.all<OutcomeRow>(
    `SELECT number, life_cycle_state, response, process_name FROM outcomes
     WHERE ${tx.dialect.isOneOf("number")}`,
    [tx.dialect.numbers(numbers)],
  );
  return new Map(rows.map((row) => [row.number, row]));
}

const DESCRIPTIONS = {
  PROVISIONING_REQUEST_NOT_FOUND: ({ by }: PullAnswer["identifier"]) =>
    `no provisioning request has this ${by}`,
  PROVIDER_NOT_PULLED: () => "the service sends the requests of its provider itself",
  STATE_NOT_ALLOWED: () => "",
} as const;

function refusal(
  reason: keyof typeof DESCRIPTIONS,
  { identifier }: PullAnswer,
  state?: string,
): Answered {
  const description =
    state === undefined ? DESCRIPTIONS[reason](identifier) : `the provisioning request ${state}`;
  const resource = { type: "provisioning_request", name: String(identifier.value) };
  return { kind: "refused", fault: { reason, field: identifier.by, description, resource } };
}
