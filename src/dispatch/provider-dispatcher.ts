import type { CaSession, Delivery } from "../adapters/ca-adapter.js";
import type { Backoff } from "../requests/backoff.js";
import type { ClaimedHead, Succession } from "../store/dispatch-store.js";
import { Courier, type CourierOptions, type WrittenResult } from "./courier.js";
import type { HeldHead } from "./held-head.js";
import { Loans } from "./loans.js";
import { type ClaimTerms, claimTermsOf, type ProviderTerms } from "./provider-terms.js";
import { Pump } from "./pump.js";
import type { RunDesk } from "./run-desk.js";
import { Strays } from "./strays.js";
import { tellWaiters, type Waiters } from "./tell-waiters.js";
import { Urgency } from "./urgency.js";
import { WakeTimer } from "./wake-timer.js";

/** Wait after a claim that failed: the database is in trouble and is not hammered. */
const CLAIM_RETRY_MS = 1000;
/** Wait after a command that could not be given to a session that still counts as open. */
const UNAVAILABLE_PAUSE_MS = 100;
/** Wait when somebody else was claiming for the provider. */
const CONTENDED_MS = 5;

export type ProviderDispatcherOptions = Omit<
  CourierOptions,
  "paced" | "verdicts" | "askSuccession" | "onDone"
> &
  Waiters & {
    readonly terms: () => ProviderTerms;
    readonly backoff: Backoff;
    readonly runs: RunDesk;
    /** The provider was changed and its new terms are not known here yet. */
    readonly onStale: () => void;
  };

/**
 * Claims one provider's lane heads as fast as its CA system takes them; its courier does the rest.
 *
 * It claims while there is budget: one claim at a time, and again when it was asked meanwhile; when
 *   a session opens, work is created, a lane wakes, a run starts, and when a head is done, unless
 *   that leaves nothing to claim: its lane is gone or has gone on, and the last claim found room for
 *   all that was ready.
 *   It claims nothing while no session is open, the lease is silent, or after a stop. The first one
 *   after a silence sends what was claimed before it: such heads may take up all of the budget.
 * A session that takes no more commands is sent none, though answers on it may be awaited a while:
 *   it has more and more room, and would get all that the others could send.
 * When the last session goes, unsent heads go back to their lanes at once; those under way are
 *   answered by their session: `unknown`, or `unavailable` where no byte had left.
 * Strays are freed before the next claim, with or without a session, or as the provider goes.
 */
export class ProviderDispatcher {
  readonly provider: string;
  readonly #options: ProviderDispatcherOptions;
  readonly #courier: Courier;
  readonly #wakeTimer: WakeTimer;
  readonly #urgency: Urgency;
  readonly #loans = new Loans();
  readonly #strays: Strays;
  readonly #pump: Pump;
  /** The last claim may have left ready heads behind: each that is done makes room for one. */
  #short = true;
  #stopped = false;

  constructor(options: ProviderDispatcherOptions) {
    this.provider = options.provider;
    this.#options = options;
    this.#courier = new Courier({
      ...options,
      verdicts: () => ({
        backoff: options.backoff,
        maxAttempts: options.terms().limits.maxAttempts,
      }),
      paced: () => options.terms().limits.ratePerSecond !== undefined,
      askSuccession: (results) => this.#succession(results),
      onDone: (held, written) => this.#done(held, written),
    });
    this.#strays = new Strays({ ...options, cards: () => this.#courier.cards() });
    this.#urgency = new Urgency(options.clock);
    this.#wakeTimer = new WakeTimer(options.clock, () => this.wake());
    this.#pump = new Pump(
      () => this.#claimWhatFits(),
      (error) => {
        options.log.error({ err: error }, "claiming failed; trying again");
        this.#freeSoon();
      },
    );
  }

  /** A command given now would go out, window permitting. */
  get connected(): boolean {
    return this.#courier.connected;
  }

  /** What is claimed under, by the dispatcher and by creates. */
  get claimTerms(): ClaimTerms {
    return claimTermsOf(this.#options.terms(), this.#courier.inHand);
  }

  /** How many answers a session had since the last time. */
  takeAnswered(session: CaSession): number {
    return this.#courier.sessions.takeAnswered(session);
  }

  opened(session: CaSession): void {
    const { sessions } = this.#courier;
    sessions.add(session);
    void session.retired.then(() => {
      sessions.remove(session);
      if (sessions.any || this.#stopped) return;
      this.#courier.giveBackUnsent("the session with the CA system ended before it was sent");
    });
    // With its last answer, whose caller is to be told of that; so is every caller in a stop.
    void session.closed.then(() => {
      if (!this.#stopped) this.down();
    });
    this.wake();
  }

  /** A session could not be had: if there is no other, whoever waits need not wait longer. */
  down(): void {
    if (this.#courier.sessions.any) return;
    this.#options.settlements.providerDelayed(this.provider);
    this.#options.runs.unreachable(this.provider);
  }

  /**
   * There may be something to claim, or room for it. It is claimed at the end of the turn: each of 500
   * heads that are done together makes room, and a claim of one costs as much as a claim of all.
   */
  wake(): void {
    this.#pump.ask();
  }

  /** Looks for all that may have gone unnoticed. Called with each heartbeat. */
  lookAround(): void {
    this.#strays.suspect();
    this.wake();
  }

  /** There will be something to claim in so many milliseconds. */
  wakeIn(ms: number): void {
    if (!this.#stopped) this.#wakeTimer.in(ms);
  }

  /** Lends up to so many places to creates that claim as they are stored; to be repaid. */
  lend(wanted: number): number {
    if (!this.connected || this.#strays.suspected) return 0;
    const places = Math.max(0, Math.min(wanted, this.#budget()));
    this.#loans.lend(places);
    return places;
  }

  /** Ends a loan with the heads claimed on it; undefined when that is not known. */
  repay(places: number, claimed: readonly ClaimedHead[] | undefined): void {
    this.#loans.repay(places);
    if (claimed !== undefined) {
      if (claimed.length > 0) this.#urgency.expectMore();
      this.#courier.take(claimed, undefined, undefined);
    } else if (places > 0) this.#freeSoon();
    // The places may be what the last claim found wanting.
    if (this.#short) this.wake();
  }

  /** An answer to a command that had been given up: it counts if the request is still open. */
  async lateAnswer(transaction: number, delivery: Delivery): Promise<void> {
    const { store, incarnation } = this.#options;
    await this.#strays.untilFreed();
    // A place lent: until it is known whether the lane was claimed, it is no stray.
    this.#loans.lend(1);
    const reclaimed = await store
      .reclaim(incarnation, this.provider, transaction)
      .catch((error: unknown) => {
        this.repay(1, undefined);
        throw error;
      });
    this.repay(1, []);
    if (reclaimed !== undefined) await this.#courier.late(reclaimed, delivery);
  }

  /** Claims no more and gives unsent heads back; resolves when nothing is in hand any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeTimer.cancel();
    this.#pump.cancel();
    await this.#courier.stop();
    // A claim that was under way takes heads all the same; they go back too.
    await this.#pump.idle();
    await this.#courier.stop();
    // Others may go on with it; nothing more of it is to be expected from here.
    this.#options.settlements.providerDelayed(this.provider);
    this.#options.runs.unreachable(this.provider);
  }

  /** After a stop: frees the lanes that it may have left behind. Rejects when that cannot be done. */
  async freeStrays(): Promise<void> {
    await this.#loans.repaid();
    if (this.#strays.suspected) await this.#strays.free();
  }

  #budget(): number {
    return this.#courier.room(this.#options.terms(), this.#loans.places);
  }

  /** Lanes go on while nobody waits for their places: the last claim had room for all that was ready. */
  #succession(results: number): Succession | undefined {
    const { provider, terms, runs } = this.#options;
    const { limits, version } = terms();
    const nobodyWaits = !this.#short && !this.#urgency.expected && this.connected;
    if (!nobodyWaits || limits.ratePerSecond !== undefined) return undefined;
    if (!this.#courier.hasRoomInstead(results, terms(), this.#loans.places)) return undefined;
    const run = runs.runFor(provider);
    return run && { provider, providerVersion: version, runId: run.id };
  }

  async #claimWhatFits(): Promise<void> {
    await this.#freeStrays();
    if (!this.connected) return;
    this.#courier.resume();
    const limit = this.#budget();
    this.#short = true;
    // Without room, the next head that is done asks again.
    if (limit > 0) await this.#claim(this.#urgency.bound(limit));
  }

  async #claim(limit: number): Promise<void> {
    const { store, incarnation, runs } = this.#options;
    const wanted = runs.runFor(this.provider);
    const { ended } = this.#courier.claims;
    const claimed = await store.claim({
      provider: this.provider,
      incarnation,
      limit,
      ...this.claimTerms,
      ended,
      run: wanted,
    });
    this.#courier.claims.forgotten(ended);
    if (claimed.contended) {
      this.wakeIn(CONTENDED_MS);
      return;
    }
    if (claimed.stale) {
      this.#options.onStale();
      this.wakeIn(CLAIM_RETRY_MS);
      return;
    }
    const run = claimed.run ?? wanted;
    if (run !== undefined) {
      const selected = claimed.heads.filter((head) => !head.processImmediately).length;
      // What came meanwhile it may not have seen: the next claim tells.
      runs.claimed(run, this.provider, selected, !claimed.more && !this.#pump.askedMeanwhile);
    }
    this.#short = claimed.more;
    this.#urgency.found(claimed.heads);
    this.#courier.take(claimed.heads, run, claimed.number);
    if (claimed.more && claimed.heads.length > 0) this.wake();
    if (claimed.nextWakeInMs !== undefined) this.wakeIn(claimed.nextWakeInMs);
  }

  /** What a claim may have taken: not at once, lest its commit come through after that. */
  #freeSoon(): void {
    this.#strays.suspect();
    this.wakeIn(CLAIM_RETRY_MS);
  }

  async #freeStrays(): Promise<void> {
    // After a stop they are no longer this one's to free.
    if (!this.#strays.suspected || this.#stopped) return;
    // A create that claims may be committing: its lanes would look like strays. No more are lent.
    if (this.#loans.places > 0) this.wakeIn(CONTENDED_MS);
    else await this.#strays.free();
  }

  /** Makes room for the next head. Without a session nothing is claimed: `down` has said so. */
  #done(held: HeldHead, written: WrittenResult | undefined): void {
    if (written !== undefined) tellWaiters(this.#options, held, written);
    // What comes next in the lane is in hand already, and counts in the run in its place.
    if (written?.landed?.successor !== undefined) return;
    const more = this.#leavesMore(written);
    if (held.run !== undefined && !held.late) {
      this.#options.runs.settled(held.run.id, this.provider, more && this.connected);
    }
    // What could not be given to a session that still counts as open waits for its timer.
    if (more && written?.result.kind !== "release") this.wake();
  }

  /** True when there may be more to claim after a result, be it the head itself. */
  #leavesMore({ result, landed }: Partial<WrittenResult> = {}): boolean {
    switch (result?.kind) {
      case "finish":
        // It may have been written before, unheard, and its lane have gone on.
        if (landed === undefined) this.#strays.suspect();
        return landed?.laneGone !== true || this.#short;
      case "defer":
      case "release":
        this.wakeIn(result.kind === "defer" ? result.delayMs : UNAVAILABLE_PAUSE_MS);
        return true;
      case undefined:
        return true;
    }
  }
}
