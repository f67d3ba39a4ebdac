import type { Command } from "../requests/command.js";
import type { ErrorOrigin } from "../requests/provisioning-request.js";
import type { QueryAnswer } from "../requests/query-answer.js";

/** The head of a lane, claimed: the only kind of request that is ever sent. */
export interface ClaimedHead {
  readonly provider: string;
  readonly caId: string;
  readonly number: number;
  readonly id: string;
  /** Rises with each claim of the lane; an outcome under an older one is not applied. */
  readonly claimNumber: number;
  readonly sequenceNumber: number;
  readonly transactionNumber: number;
  readonly command: Command;
  readonly sealedPin: string | undefined;
  readonly subscriptionNumber: string;
  readonly processImmediately: boolean;
  /** Its lane had an immediate or EXPRESS request when it was claimed: it goes before others. */
  readonly urgent: boolean;
  readonly attempts: number;
  readonly tries: number;
  /** Open requests of the lane when it was claimed, this one included. */
  readonly depth: number;
}

/** A head that was sent before, claimed once more for an answer that came late. */
export interface Reclaimed {
  readonly head: ClaimedHead;
  /** The run that sent it, in which it counts as taken up again; undefined outside of runs. */
  readonly run: Pick<ClaimRun, "id" | "definition"> | undefined;
  /** When it was sent last. */
  readonly executedDate: number | undefined;
}

/** The run that claims are made in. */
export interface ClaimRun {
  readonly id: string;
  readonly definition: string;
  readonly definitionVersion: number;
  readonly trigger: "SCHEDULE" | "MANUAL" | "WAKE";
  readonly startDate: number;
  readonly fireDate: number | undefined;
}

/** A provider's rate limit, for all instances together. */
export interface Pace {
  /** Commands per second in the long run; more than 0. */
  readonly ratePerSecond: number;
  /** Commands that may go at once after a pause; 1 or more. */
  readonly burst: number;
}

export interface ClaimOptions {
  readonly provider: string;
  /** The version of the provider that the caller has sessions for: nothing is claimed under another. */
  readonly providerVersion: number;
  readonly incarnation: string;
  /** Heads at most. */
  readonly limit: number;
  /** Heads that all instances together may hold for the provider. */
  readonly maxInFlight: number;
  /** Those of them that this process holds. */
  readonly inHand: number;
  /** Claims of this process that it holds no head of any more: they are forgotten. */
  readonly ended: readonly number[];
  /** Undefined: no rate limit. */
  readonly pace: Pace | undefined;
  /** The run they are claimed in; without one only lanes with a due immediate request are. */
  readonly run: ClaimRun | undefined;
}

export interface Claimed {
  readonly heads: readonly ClaimedHead[];
  /** To be told among `ended` once none of the heads is in hand; undefined: not to be told. */
  readonly number: number | undefined;
  /**
   * The run that the heads count in, but for immediate ones: that of the options, or one of its
   * definition active before.
   */
  readonly run: ClaimRun | undefined;
  /**
   * Milliseconds until the next sleeping lane of the provider wakes, or until there is a token or no
   * pause any more; undefined with none of that.
   */
  readonly nextWakeInMs: number | undefined;
  /**
   * More may be ready than there was room for, here or, with no heads at all, in all instances; or
   * than the provider's rate or a pause lets go now. Then `nextWakeInMs` says when to ask again.
   */
  readonly more: boolean;
  /** Somebody else was claiming for the provider just then: nothing was looked at. */
  readonly contended: boolean;
  /** The provider was changed since the caller read it: nothing was looked at. */
  readonly stale: boolean;
}

/** What is written of one claimed head, by what became of it. */
export type HeadResult = { readonly head: ClaimedHead; readonly processName: string } & (
  | {
      readonly kind: "finish";
      readonly state: "COMPLETED" | "REJECTED";
      readonly executedDate: number;
      readonly request: string | undefined;
      readonly response: string | undefined;
      readonly referenceNumber: string | undefined;
      readonly answer: QueryAnswer | undefined;
      readonly errorCode: string | undefined;
      readonly errorDescription: string | undefined;
      readonly errorOrigin: ErrorOrigin | undefined;
      readonly attempts: number;
      readonly processId: string | undefined;
    }
  | {
      readonly kind: "defer";
      readonly executedDate: number;
      readonly delayMs: number;
      readonly attempts: number;
      readonly tries: number;
      readonly lastError: string;
      readonly processId: string | undefined;
    }
  | {
      readonly kind: "release";
      /** It counts against the provider's rate and did not leave: its token goes back. */
      readonly returnToken: boolean;
      readonly lastError: string | undefined;
      readonly processId: string | undefined;
    }
);

/**
 * Lets a provider's lanes go on to their next heads as the results of their last ones are written:
 * each is claimed in that transaction, by the same process, in the same run. Only for who claimed all
 * that was ready, lest it go before what waits for its place.
 */
export interface Succession {
  readonly provider: string;
  /** The version of the provider that the caller has sessions for: nothing is claimed under another. */
  readonly providerVersion: number;
  /** Lanes whose last head counts in this run go on; immediate requests are left for claims. */
  readonly runId: string;
}

/** What became of a batch of results. */
export interface Applied {
  /** One for each result: false when nothing was written of it. */
  readonly applied: readonly boolean[];
  /** When, by the database: the date that outcomes among them ended at. */
  readonly date: number;
  /** The next heads of lanes that went on, claimed, by the numbers of the requests that ended. */
  readonly successors?: ReadonlyMap<number, ClaimedHead>;
}

/** One of a provider's connections, as the database keeps it. */
export interface SessionSlot {
  readonly provider: string;
  readonly slot: number;
  readonly epoch: number;
}

/** How fast the session of a slot is answered. */
export interface SlotRate {
  readonly slot: SessionSlot;
  readonly answersPerSecond: number;
}

export type SlotState = "CLOSED" | "CONNECTING" | "OPEN";

/** What was found and freed of processes that are gone. */
export interface TakenOver {
  readonly incarnations: readonly string[];
  readonly lanes: number;
}

/** What was put right of the lanes looked at. */
export interface Repaired {
  readonly lanes: number;
  /** Providers of those lanes. */
  readonly providers: readonly string[];
  /** Where to go on. */
  readonly next: number;
}

/** Requests that were ended. */
export interface Expired {
  readonly numbers: readonly number[];
  /** Their providers: what waited behind them may be ready now. */
  readonly providers: readonly string[];
}

/** A look at the clock that counts. */
export interface ClockLook {
  readonly now: number;
  /** Lanes that would have slept too long. */
  readonly recalled: number;
}

/** Where the dispatcher finds its work and leaves what became of it. */
export interface DispatchStore {
  /** Claims ready lane heads of one provider, in one transaction. */
  claim(options: ClaimOptions): Promise<Claimed>;
  /**
   * Finishes heads that nothing waits behind, in one transaction. Passes over those whose claim no
   * longer stands, and those that something waits behind after all: they are for `apply`.
   */
  finishLast(
    incarnation: string,
    results: readonly Extract<HeadResult, { kind: "finish" }>[],
  ): Promise<Applied>;
  /**
   * Writes a batch of results in one transaction, each only while its claim still stands. Of the
   * providers given, lanes go on to their next heads, unless somebody claims for them just then.
   */
  apply(
    incarnation: string,
    results: readonly HeadResult[],
    successions?: readonly Succession[],
  ): Promise<Applied>;
  /** Gives a claimed head a new transaction number; undefined when the claim no longer stands. */
  renumber(incarnation: string, head: ClaimedHead): Promise<ClaimedHead | undefined>;
  /**
   * Claims the lane whose open head has this transaction number and that nobody owns, for an
   * answer that came late; undefined when there is none.
   */
  reclaim(
    incarnation: string,
    provider: string,
    transaction: number,
  ): Promise<Reclaimed | undefined>;
  /** Frees the lanes that this process owns at the provider, but for those of the cards given. */
  releaseStrays(incarnation: string, provider: string, keep: readonly string[]): Promise<void>;
  /** Claims nothing for the provider, in any instance, for so long. */
  pause(provider: string, ms: number): Promise<void>;
  /**
   * Writes the durable send marks of at-most-once commands, before their first byte: one of them
   * that is found marked after a crash may have had its effect. False where the claim is lost.
   */
  markSending(incarnation: string, heads: readonly ClaimedHead[]): Promise<readonly boolean[]>;
  /** Raises the provider's counter past what its CA system remembers. */
  raiseSequence(provider: string, lastTransaction: number): Promise<void>;
  /**
   * Looks at some of the waiting requests, after the last one looked at before, for one without a
   * lane: there must be none. What is found is put right.
   */
  repairLanes(after: number): Promise<Repaired>;
  /**
   * After the clock that counts was set back: lets heads that were put off sleep no longer for it.
   * `seen` is what the clock said at the last look; undefined at the first.
   */
  recallSleepers(seen: number | undefined): Promise<ClockLook>;
  /** Ends requests past their expire_date that are not being sent, `limit` at most. */
  expire(limit: number): Promise<Expired>;
  /** Makes this process known; its lease runs from now. */
  register(incarnation: string, description: string, leaseMs: number): Promise<void>;
  /** Prolongs the lease; false when this process was fenced and must not send any more. */
  heartbeat(incarnation: string, leaseMs: number): Promise<boolean>;
  /**
   * Fences processes whose lease has run out (or all others, where there can be only one), then
   * frees their slots, runs and lanes in bounded batches.
   */
  takeOver(incarnation: string): Promise<TakenOver>;
  /** Gives everything back and forgets this process: the end of a graceful stop. */
  deregister(incarnation: string): Promise<void>;

  /** Processes that are not fenced, this one included. */
  instances(): Promise<number>;
  /**
   * Takes free ones among the provider's first `connections` session slots, `limit` at most, each
   * with an epoch higher than ever before. None when the provider's version is another one: who
   * holds a slot knows how to use it.
   */
  acquireSlots(
    incarnation: string,
    provider: string,
    providerVersion: number,
    connections: number,
    limit: number,
  ): Promise<readonly SessionSlot[]>;
  /** Gives back every slot that this process holds, but for these; their sessions have ended. */
  keepSlots(incarnation: string, slots: readonly SessionSlot[]): Promise<void>;
  /** Writes what a slot's session is doing; ignored when the slot is no longer this process's. */
  reportSlot(
    incarnation: string,
    slot: SessionSlot,
    state: SlotState,
    lastError: string | undefined,
  ): Promise<void>;
  /** Writes how many answers a second slots of this process had lately, for every instance to see. */
  reportRates(incarnation: string, rates: readonly SlotRate[]): Promise<void>;
}
