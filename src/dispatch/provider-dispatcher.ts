import type { Logger } from "pino";
import type { CaSession, Delivery } from "../adapters/ca-adapter.js";
import type { Clock } from "../requests/clock.js";
import type { VerdictSettings } from "../requests/verdict.js";
import type { ClaimedHead, ClaimRun, DispatchStore } from "../store/dispatch-store.js";
import { AnswerRate } from "./answer-rate.js";
import { deliver } from "./deliver.js";
import { type HeldHead, releaseOf, resultOf } from "./held-head.js";
import { type OpenSession, OpenSessions } from "./open-sessions.js";
import type { ResultWriter } from "./result-writer.js";
import type { RunDesk } from "./run-desk.js";
import type { Settlements } from "./settlements.js";
import { WakeTimer } from "./wake-timer.js";

/** Wait after a claim that failed: the database is in trouble and is not hammered. */
const CLAIM_RETRY_MS = 1000;
/** Wait after a command that could not be given to a session that still counts as open. */
const UNAVAILABLE_PAUSE_MS = 100;
/** Wait when somebody else was claiming for the provider. */
const CONTENDED_MS = 5;

export interface ProviderDispatcherOptions {
  readonly provider: string;
  readonly incarnation: string;
  /** The lease stands: nobody can have taken over. */
  readonly maySend: () => boolean;
  readonly maxInFlight: number;
  readonly verdicts: VerdictSettings;
  readonly store: DispatchStore;
  readonly results: ResultWriter;
  readonly runs: RunDesk;
  readonly settlements: Settlements;
  /** Decrypts a PIN as it is kept. */
  readonly unseal: (sealedPin: string) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * Moves one provider's lane heads from the database to its CA system and back.
 *
 * A head in this process's hands is *unsent* (claimed, waiting for room in a session's window),
 * *under way* (given to a session), or *landing* (answered, its result on the way to disk). It
 * counts against the in-flight cap until its result is on disk: its lane is owned until then.
 *
 * `pump` claims while there is budget: one claim at a time, and again when it was asked meanwhile.
 *   It runs when a session opens, work is created, a lane wakes, a run starts, a result landed.
 *   It does nothing while no session is open, the lease is silent, or after a stop.
 * When the last session goes, unsent heads go back to their lanes at once; those under way are
 *   answered by their session: `unknown`, or `unavailable` where no byte had left.
 * A claim whose commit may or may not have happened leaves *strays*: lanes that this process owns
 *   without knowing. They are freed before the next claim.
 * A stop gives unsent heads back and waits for the others.
 */
export class ProviderDispatcher {
  readonly provider: string;
  readonly #options: ProviderDispatcherOptions;
  readonly #sessions = new OpenSessions();
  readonly #rate: AnswerRate;
  readonly #wakeTimer: WakeTimer;
  readonly #unsent: HeldHead[] = [];
  /** Everything in hand, by ca_id: a lane has one head. */
  readonly #held = new Map<string, HeldHead>();
  /** Places promised to creates that may claim as they are stored. */
  #lent = 0;
  #strays = false;
  #pumping = false;
  #again = false;
  #stopped = false;
  #emptied: () => void = () => undefined;

  constructor(options: ProviderDispatcherOptions) {
    this.provider = options.provider;
    this.#options = options;
    this.#rate = new AnswerRate(options.clock);
    this.#wakeTimer = new WakeTimer(options.clock, () => this.wake());
  }

  /** A command given now would go out, window permitting. */
  get connected(): boolean {
    return !this.#stopped && this.#sessions.any && this.#options.maySend();
  }

  opened(session: CaSession): void {
    this.#sessions.add(session);
    void session.closed.then(() => this.#closed(session));
    this.wake();
  }

  /** A session could not be had: if there is no other, whoever waits need not wait longer. */
  down(): void {
    if (this.#sessions.any) return;
    this.#options.settlements.providerDelayed(this.provider);
    this.#options.runs.unreachable(this.provider);
  }

  #closed(session: CaSession): void {
    this.#sessions.remove(session);
    if (this.#sessions.any) return;
    this.#giveBack("the session with the CA system ended before it was sent");
    this.down();
  }

  /** There may be something to claim, or room for it. */
  wake(): void {
    if (this.#pumping) this.#again = true;
    else void this.#pump();
  }

  /** There will be something to claim in so many milliseconds. */
  wakeIn(ms: number): void {
    if (!this.#stopped) this.#wakeTimer.in(ms);
  }

  /** Lends up to so many places to creates that claim as they are stored; to be repaid. */
  lend(wanted: number): number {
    if (!this.connected || this.#strays) return 0;
    const places = Math.max(0, Math.min(wanted, this.#budget()));
    this.#lent += places;
    return places;
  }

  /** Ends a loan with the heads that were claimed on it; undefined when that is not known. */
  repay(places: number, claimed: readonly ClaimedHead[] | undefined): void {
    this.#lent -= places;
    if (claimed === undefined) this.#strays ||= places > 0;
    else this.#take(claimed, undefined);
  }

  /** An answer to a command that had been given up: it counts if the request is still open. */
  async lateAnswer(transaction: number, delivery: Delivery): Promise<void> {
    const { store, incarnation, clock } = this.#options;
    const head = await store.reclaim(incarnation, this.provider, transaction);
    if (head === undefined) return;
    const held: HeldHead = { head, run: undefined, renumbered: false };
    this.#held.set(head.caId, held);
    await this.#land(held, delivery, clock.now());
  }

  /** Claims no more and gives unsent heads back; resolves when nothing is in hand any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeTimer.cancel();
    this.#giveBack(undefined);
    if (this.#held.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
    });
  }

  /** How many more heads may be held: the cap, and never more unsent than are soon sent. */
  #budget(): number {
    const soon = Math.max(this.#sessions.window, Math.ceil(this.#rate.perSecond() / 4));
    return Math.min(
      this.#options.maxInFlight - this.#held.size - this.#lent,
      soon - this.#unsent.length,
    );
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      do {
        this.#again = false;
        if (!this.connected) break;
        if (this.#strays) await this.#freeStrays();
        const limit = this.#budget();
        // Without room, the next result to land asks again.
        if (limit > 0 && !this.#strays) await this.#claim(limit);
      } while (this.#again);
    } catch (error) {
      this.#strays = true;
      this.#options.log.error({ err: error }, "claiming failed; trying again");
      this.wakeIn(CLAIM_RETRY_MS);
    } finally {
      this.#pumping = false;
    }
  }

  async #claim(limit: number): Promise<void> {
    const { store, incarnation, runs } = this.#options;
    const wanted = runs.runFor(this.provider);
    const claimed = await store.claim({
      provider: this.provider,
      incarnation,
      limit,
      run: wanted,
    });
    if (claimed.contended) {
      this.wakeIn(CONTENDED_MS);
      return;
    }
    const run = claimed.run ?? wanted;
    if (run !== undefined) {
      runs.claimed(run, this.provider, claimed.heads.length, !claimed.more);
    }
    this.#take(claimed.heads, run);
    if (claimed.more) this.#again = true;
    if (claimed.nextWakeInMs !== undefined) this.wakeIn(claimed.nextWakeInMs);
  }

  async #freeStrays(): Promise<void> {
    // A create that claims may be committing: its lanes would look like strays.
    if (this.#lent > 0) {
      this.wakeIn(CONTENDED_MS);
      return;
    }
    const { store, incarnation } = this.#options;
    await store.releaseStrays(incarnation, this.provider, [...this.#held.keys()]);
    this.#strays = false;
  }

  #take(heads: readonly ClaimedHead[], run: ClaimRun | undefined): void {
    for (const head of heads) {
      const held: HeldHead = { head, run, renumbered: false };
      this.#held.set(head.caId, held);
      this.#unsent.push(held);
    }
    // A stop or a lost session may have come while the claim was being made.
    if (this.connected) this.#sendUnsent();
    else this.#giveBack(undefined);
  }

  #sendUnsent(): void {
    while (this.#unsent.length > 0 && this.connected) {
      const open = this.#sessions.roomiest();
      if (open === undefined) return;
      const held = this.#unsent.shift();
      if (held === undefined) return;
      void this.#send(held, open);
    }
  }

  async #send(held: HeldHead, open: OpenSession): Promise<void> {
    const { clock, unseal } = this.#options;
    const executedDate = clock.now();
    open.inFlight += 1;
    const delivery = await deliver(held.head, open.session, unseal);
    open.inFlight -= 1;
    this.#rate.count();
    this.#sendUnsent();
    await this.#land(held, delivery, executedDate);
  }

  /** Writes what became of a head, tells who waits for it, and makes room for the next. */
  async #land(held: HeldHead, delivery: Delivery, executedDate: number): Promise<void> {
    const { results, settlements, verdicts, random, log } = this.#options;
    const result = resultOf(held, delivery, executedDate, verdicts, random());
    if (result === undefined) {
      await this.#renumber(held);
      return;
    }
    const { head } = held;
    const standing = await results.write(result);
    if (!standing) log.warn({ number: head.number }, "a result came after its claim was lost");
    this.#drop(held);
    switch (result.kind) {
      case "finish":
        settlements.finished(head.number);
        this.wake();
        return;
      case "defer":
        settlements.laneDelayed(this.provider, head.caId);
        this.wakeIn(result.delayMs);
        this.wake();
        return;
      case "release":
        settlements.laneDelayed(this.provider, head.caId);
        this.wakeIn(UNAVAILABLE_PAUSE_MS);
        return;
    }
  }

  /** The CA system knows the transaction number with another body: a new one, then sent again. */
  async #renumber(held: HeldHead): Promise<void> {
    const { store, incarnation, log } = this.#options;
    try {
      const head = await store.renumber(incarnation, held.head);
      if (head === undefined) {
        this.#drop(held);
        return;
      }
      const renumbered: HeldHead = { head, run: held.run, renumbered: true };
      this.#held.set(head.caId, renumbered);
      this.#unsent.unshift(renumbered);
    } catch (error) {
      log.error({ err: error, number: held.head.number }, "a new transaction number failed");
      this.#unsent.unshift(held);
    }
    if (this.connected) this.#sendUnsent();
    else this.#giveBack(undefined);
  }

  #giveBack(lastError: string | undefined): void {
    for (const held of this.#unsent.splice(0)) {
      void this.#options.results.write(releaseOf(held, lastError)).then(() => this.#drop(held));
    }
  }

  #drop(held: HeldHead): void {
    this.#held.delete(held.head.caId);
    if (held.run !== undefined) this.#options.runs.settled(held.run.id, this.provider);
    if (this.#held.size === 0) this.#emptied();
  }
}
