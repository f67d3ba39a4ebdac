import type { Logger } from "pino";
import type { Delivery } from "../adapters/ca-adapter.js";
import { ForgetfulMap } from "../memory/forgetful-map.js";
import type { Clock } from "../requests/clock.js";
import { COMMAND_TYPES } from "../requests/command.js";
import type { VerdictSettings } from "../requests/verdict.js";
import type { ClaimedHead, DispatchStore, HeadResult, Reclaimed } from "../store/dispatch-store.js";
import { AnswerRate } from "./answer-rate.js";
import { BusyStreak } from "./busy-streak.js";
import { deliver } from "./deliver.js";
import { type HeldHead, releaseOf, resultOf } from "./held-head.js";
import { OpenClaims } from "./open-claims.js";
import { type OpenSession, OpenSessions } from "./open-sessions.js";
import type { ProviderTerms } from "./provider-terms.js";
import type { AskSuccession, Landed, ResultWriter } from "./result-writer.js";
import type { SendMarks } from "./send-marks.js";
import { UnsentHeads } from "./unsent-heads.js";

/** What was made of a head. */
export interface WrittenResult {
  readonly result: HeadResult;
  /** Undefined when its claim was lost, and it was not written. */
  readonly landed: Landed | undefined;
}

export interface CourierOptions {
  readonly provider: string;
  readonly incarnation: string;
  /** The lease stands: nobody can have taken over. */
  readonly maySend: () => boolean;
  /** As the provider's limits are now. */
  readonly verdicts: () => VerdictSettings;
  /** The provider has a rate limit now: heads that go back unsent give their token back. */
  readonly paced: () => boolean;
  readonly store: DispatchStore;
  readonly results: ResultWriter;
  readonly marks: SendMarks;
  readonly askSuccession: AskSuccession;
  /** The provider's code of a service that its CA system names; undefined when it has none. */
  readonly serviceCode: (caId: string) => string | undefined;
  /** Decrypts a PIN as it is kept. */
  readonly unseal: (sealedPin: string) => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** A head has left these hands; what was written of it, unless nothing was. */
  readonly onDone: (held: HeldHead, written: WrittenResult | undefined) => void;
}

/**
 * Carries claimed heads to the CA system and what became of them to disk.
 *
 *   unsent ──room in a window──▶ under way ──answer──▶ landing ──on disk──▶ gone
 *   unsent ──last session ended, or stop──▶ landing, as released
 *   unsent ──the lease is silent──▶ unsent, until `resume`: no answer makes room for it meanwhile
 *   under way ──the CA system knows the number otherwise──▶ unsent, with a new one
 *   unsent, at most once ──durable mark──▶ under way (no mark, no byte)
 *
 * A head is in hand until its result is on disk: its lane is owned until then.
 */
export class Courier {
  readonly sessions = new OpenSessions();
  readonly claims = new OpenClaims();
  readonly #rate: AnswerRate;
  readonly #options: CourierOptions;
  readonly #busy = new BusyStreak();
  readonly #unsent = new UnsentHeads();
  /** Everything in hand, by ca_id: a lane has one head. */
  readonly #held = new ForgetfulMap<string, HeldHead>();
  #stopped = false;
  /** Who waits until nothing is in hand: a provider may be changed and the process stop at once. */
  readonly #whenEmpty: (() => void)[] = [];

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#rate = new AnswerRate(options.clock);
  }

  /** A command given now would go out, window permitting. */
  get connected(): boolean {
    return !this.#stopped && this.sessions.any && this.#options.maySend();
  }

  /**
   * How many more heads may be taken, when `lent` places are promised: this process's part of the
   * cap, lest the connections of others idle, and never more unsent than are soon sent.
   */
  room(terms: ProviderTerms, lent: number): number {
    return Math.min(this.#places(terms, lent), this.#soon());
  }

  /** The same for so many that take the places of others. */
  hasRoomInstead(heads: number, terms: ProviderTerms, lent: number): boolean {
    return this.#places(terms, lent) >= 0 && this.#soon() >= heads;
  }

  #places({ limits, share }: ProviderTerms, lent: number): number {
    return Math.ceil(limits.maxInFlight * share) - this.#held.size - lent;
  }

  /** A quarter of a second of answers at the measured rate, less what waits to be sent. */
  #soon(): number {
    const soon = Math.max(this.sessions.window, Math.ceil(this.#rate.perSecond() / 4));
    return soon - this.#unsent.size;
  }

  /** The cards whose lanes are in hand. */
  cards(): string[] {
    return [...this.#held.keys()];
  }

  /** How many heads are in hand. */
  get inHand(): number {
    return this.#held.size;
  }

  /** Takes heads claimed in a run, immediate ones outside of it; together in a claim, or singly. */
  take(heads: readonly ClaimedHead[], run: HeldHead["run"], claim: HeldHead["claim"]): void {
    if (claim !== undefined) this.claims.taken(claim, heads.length);
    for (const head of heads) {
      const inRun = head.processImmediately ? undefined : run;
      const held: HeldHead = { head, run: inRun, claim, late: false, renumbered: false };
      this.#held.set(head.caId, held);
      this.#unsent.add(held);
    }
    this.#sendOrGiveBack();
  }

  /** An answer to a command that had been given up, its lane claimed again for it. */
  async late({ head, run, executedDate }: Reclaimed, delivery: Delivery): Promise<void> {
    const held: HeldHead = { head, run, claim: undefined, late: true, renumbered: false };
    this.#held.set(head.caId, held);
    await this.#land(held, delivery, executedDate ?? this.#options.clock.now());
  }

  /** Goes on with what was left unsent while the lease was silent. */
  resume(): void {
    this.#sendOrGiveBack();
  }

  giveBackUnsent(lastError: string | undefined): void {
    for (const held of this.#unsent.takeAll()) void this.#release(held, lastError);
  }

  /** Gives unsent heads back; resolves when nothing is in hand any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.giveBackUnsent(undefined);
    if (this.#held.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty.push(resolve);
    });
  }

  #sendOrGiveBack(): void {
    // A stop or a lost session may have come while the heads were being claimed.
    if (!this.connected) {
      this.giveBackUnsent(undefined);
      return;
    }
    while (this.#unsent.size > 0) {
      const open = this.sessions.roomiest();
      const held = open && this.#unsent.take();
      if (open === undefined || held === undefined) return;
      void this.#send(held, open);
    }
  }

  async #send(held: HeldHead, open: OpenSession): Promise<void> {
    const { clock, unseal } = this.#options;
    const { head } = held;
    open.inFlight += 1;
    let delivery: Delivery | undefined;
    const executedDate = clock.now();
    if (COMMAND_TYPES[head.command.type] === "IDEMPOTENT" || (await this.#marked(held))) {
      delivery = await deliver(head, open.session, unseal);
      this.#rate.count();
      if (isAnswer(delivery)) open.answered += 1;
    }
    open.inFlight -= 1;
    if (this.connected) this.#sendOrGiveBack();
    // Not awaited: a thousand calls of this would wait for the disk as well.
    if (delivery !== undefined) void this.#land(held, delivery, executedDate);
  }

  /** Writes the mark without which an at-most-once command is not sent. */
  async #marked(held: HeldHead): Promise<boolean> {
    const { marks, maySend, log } = this.#options;
    try {
      if (!(await marks.mark(held.head))) {
        this.#done(held, undefined);
        return false;
      }
    } catch (error) {
      log.error({ err: error, number: held.head.number }, "a send mark could not be written");
      await this.#release(held, "the database failed before it was sent");
      return false;
    }
    // Writing took time: the lease may have run out meanwhile.
    if (maySend()) return true;
    await this.#release(held, undefined);
    return false;
  }

  /** Writes what became of a head; a CA system that says nothing but "busy" is first left alone. */
  #land(held: HeldHead, delivery: Delivery, executedDate: number): Promise<void> {
    const pauseMs = this.#busy.count(delivery.outcome);
    if (pauseMs === undefined) return this.#conclude(held, delivery, executedDate);
    return this.#pause(pauseMs).then(() => this.#conclude(held, delivery, executedDate));
  }

  #conclude(held: HeldHead, delivery: Delivery, executedDate: number): Promise<void> {
    const { verdicts, paced, random, serviceCode } = this.#options;
    const result = resultOf(
      held,
      delivery,
      executedDate,
      verdicts(),
      paced(),
      random(),
      serviceCode,
    );
    return result === undefined ? this.#renumber(held) : this.#write(held, result);
  }

  #write(held: HeldHead, result: HeadResult): Promise<void> {
    const { results, askSuccession, log } = this.#options;
    const mayGoOn = result.kind === "finish" && held.run !== undefined && !held.late;
    return results.write(result, mayGoOn ? askSuccession : undefined).then((landed) => {
      if (landed === undefined) {
        log.warn({ number: held.head.number }, "a result came after its claim was lost");
      }
      this.#done(held, { result: landed?.result ?? result, landed });
    });
  }

  #release(held: HeldHead, lastError: string | undefined): Promise<void> {
    return this.#write(held, releaseOf(held, this.#options.paced(), lastError));
  }

  /** All instances leave the CA system alone. */
  async #pause(pauseMs: number): Promise<void> {
    const { store, provider, log } = this.#options;
    log.warn({ pause_ms: pauseMs }, "the CA system is busy; the provider pauses");
    try {
      await store.pause(provider, pauseMs);
    } catch (error) {
      log.warn({ err: error }, "the pause could not be written");
    }
  }

  /** The CA system knows the transaction number with another body: a new one, then sent again. */
  async #renumber(held: HeldHead): Promise<void> {
    const { store, incarnation, log } = this.#options;
    try {
      const head = await store.renumber(incarnation, held.head);
      if (head === undefined) {
        this.#done(held, undefined);
        return;
      }
      const renumbered: HeldHead = { ...held, head, renumbered: true };
      this.#held.set(head.caId, renumbered);
      this.#unsent.putBack(renumbered);
    } catch (error) {
      log.error({ err: error, number: held.head.number }, "a new transaction number failed");
      const why = "its number is taken at the CA system, and the database failed to give another";
      // It was sent: its token is spent.
      await this.#write(held, releaseOf(held, false, why));
      return;
    }
    this.#sendOrGiveBack();
  }

  #done(held: HeldHead, written: WrittenResult | undefined): void {
    const successor = written?.landed?.successor;
    if (successor === undefined) this.#letGo(held);
    else {
      const { run, claim } = held;
      const next = { head: successor, run, claim, late: false, renumbered: false };
      this.#held.set(successor.caId, next);
      this.#unsent.add(next);
      this.#sendOrGiveBack();
    }
    this.#options.onDone(held, written);
    if (this.#held.size === 0) for (const tell of this.#whenEmpty.splice(0)) tell();
  }

  #letGo(held: HeldHead): void {
    // The lane may have a new head in hand already: it is free as soon as the result is on disk,
    // and others of the same batch may take longer.
    if (this.#held.get(held.head.caId) === held) this.#held.delete(held.head.caId);
    if (held.claim !== undefined) this.claims.gone(held.claim);
  }
}

/** The CA system said something to it. */
function isAnswer({ outcome }: Delivery): boolean {
  return outcome.kind !== "unknown" && outcome.kind !== "unavailable";
}
