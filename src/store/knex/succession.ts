import { PairMap } from "../../memory/pair-map.js";
import { transactionOf } from "../../requests/transaction-number.js";
import type { ClaimedHead, HeadResult, Succession } from "../dispatch-store.js";
import type { Tx } from "./database.js";
import { lookAtDispatch, reserveSequence } from "./dispatch-row.js";
import type { HeadlessLane } from "./elect-heads.js";
import { claimedHead, type HeadLane, readHeads } from "./head-row.js";
import { mayClaim } from "./may-claim.js";

/** With the last sequence number before those that are reserved for it. */
export interface NumberedSuccession extends Succession {
  readonly sequence: number;
}

/**
 * Lanes that go on to their next heads as the results of their last ones are written. What a claim
 * would write and read of them a moment later is saved: of few cards with much to do each, most.
 *
 * Nothing is claimed in a pause, under another version of the provider, by who is fenced or holds no
 * slot, as in claims. But the `dispatch` row is not locked: how many heads are under way stays the
 * same, providers with a rate are left to claims, and the numbers were reserved before. Held until
 * the end it would keep batches of results apart (PostgreSQL, 1,000 cards: 18,900 requests a second
 * one after the other, 24,900 two at a time).
 */
export class Successions {
  /** By provider. */
  readonly #open: ReadonlyMap<string, { readonly runId: string; sequence: number }>;

  private constructor(open: readonly NumberedSuccession[]) {
    this.#open = new Map(
      open.map(({ provider, runId, sequence }) => [provider, { runId, sequence }]),
    );
  }

  static async open(
    tx: Tx,
    incarnation: string,
    asked: readonly NumberedSuccession[],
  ): Promise<Successions> {
    const allowed = await Promise.all(
      asked.map(async ({ provider, providerVersion }) => {
        const [mayDoSo, dispatch] = await Promise.all([
          mayClaim(tx, provider, incarnation),
          lookAtDispatch(tx, provider),
        ]);
        return mayDoSo && dispatch?.providerVersion === providerVersion && dispatch.pausedMs === 0;
      }),
    );
    return new Successions(asked.filter((_, i) => allowed[i]));
  }

  /** Numbers for the next head of the lane, if that may go on; one that does not leaves a gap. */
  numbersFor(lane: { readonly depth: number }, result: HeadResult): HeadlessLane["next"] {
    const open = this.#open.get(result.head.provider);
    if (open === undefined || !mayGoOn(result, open) || lane.depth < 2) return undefined;
    open.sequence += 1;
    return {
      sequence_number: open.sequence,
      transaction_number: transactionOf(open.sequence),
    };
  }
}

/** Something waited behind its head when that was claimed, in this run. */
function mayGoOn(result: HeadResult, { runId }: Pick<Succession, "runId">): boolean {
  return result.kind === "finish" && result.processId === runId && result.head.depth > 1;
}

/** Reserves numbers for the successions that results ask for; not where somebody claims just then. */
export async function reserveNumbers(
  tx: Tx,
  results: readonly HeadResult[],
  asked: readonly Succession[],
): Promise<NumberedSuccession[]> {
  const numbered = asked.map(async (one) => {
    const { length } = results.filter(
      (result) => result.head.provider === one.provider && mayGoOn(result, one),
    );
    const sequence = length === 0 ? undefined : await reserveSequence(tx, one.provider, length);
    return sequence === undefined ? [] : [{ ...one, sequence }];
  });
  return (await Promise.all(numbered)).flat();
}

/** The next heads of lanes that went on, by the numbers of those before them. */
export async function readSuccessors(
  tx: Tx,
  lanes: readonly HeadLane[],
  finished: readonly HeadResult[],
): Promise<ReadonlyMap<number, ClaimedHead>> {
  const successors = new Map<number, ClaimedHead>();
  if (lanes.length === 0) return successors;
  const ended = new PairMap<number>();
  for (const { head } of finished) ended.set(head.provider, head.caId, head.number);
  const requests = await readHeads(
    tx,
    lanes.map(({ head }) => head),
  );
  for (const lane of lanes) {
    const before = ended.get(lane.provider, lane.ca_id);
    if (before === undefined) throw new Error(`nothing ended before lane head ${lane.head}`);
    successors.set(before, claimedHead(lane, requests.get(lane.head), numbersOf(lane)));
  }
  return successors;
}

function numbersOf({ head, sequence_number, transaction_number }: HeadLane) {
  if (sequence_number === null || transaction_number === null) {
    throw new Error(`lane head ${head} was claimed without a number`);
  }
  return { sequenceNumber: sequence_number, transactionNumber: transaction_number };
}
