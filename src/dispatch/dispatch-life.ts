import type { Logger } from "pino";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { Backoff } from "../requests/backoff.js";
import type { Clock } from "../requests/clock.js";
import type { DispatchStore } from "../store/dispatch-store.js";
import { HeldSlots } from "./held-slots.js";
import { Incarnation, type LeaseSettings } from "./incarnation.js";
import type { ProviderDispatcher } from "./provider-dispatcher.js";
import { ProviderLink } from "./provider-link.js";
import { ProviderLinks } from "./provider-links.js";
import { Repeat } from "./repeat.js";
import { ResultWriter } from "./result-writer.js";
import type { RunDesk } from "./run-desk.js";
import { SendMarks } from "./send-marks.js";
import type { Settlements } from "./settlements.js";
import type { WakeUp } from "./wake-up/wake-up.js";

/** Requests that one sweep expires at most; what is left is a second late. */
const EXPIRED_AT_ONCE = 500;
const EXPIRE_EVERY_MS = 1000;
/** How soon a change of a provider is seen when its notice was lost. */
const FOLLOW_EVERY_MS = 1000;
const MEASURE_EVERY_MS = 5000;
const REPAIR_EVERY_MS = 10_000;
const WATCH_CLOCK_EVERY_MS = 10_000;
/** Heartbeats within which every instance looks for work: each time one, and what the look takes. */
const LOOKED_FOR_WITHIN = 2;

export interface DispatchOptions {
  readonly store: DispatchStore;
  readonly runs: RunDesk;
  readonly settlements: Settlements;
  readonly wakeUp: WakeUp;
  /** The providers as they are now: looks whether they have changed. */
  readonly providers: () => Promise<readonly ConfiguredProvider[]>;
  /** How long answers are awaited when a provider's sessions must go. Milliseconds. */
  readonly patienceMs: number;
  readonly lease: LeaseSettings;
  readonly backoff: Backoff;
  readonly unseal: (sealedPin: string) => string;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * The dispatcher's work in one incarnation: from its registration until it stops or is fenced.
 * What it does when others die, and when providers change, happens in its sweeps.
 */
export class DispatchLife {
  readonly incarnation: Incarnation;
  readonly slots: HeldSlots;
  readonly #options: DispatchOptions;
  readonly #results: ResultWriter;
  readonly #marks: SendMarks;
  readonly #links: ProviderLinks;
  readonly #sync: Repeat;
  readonly #follow: Repeat;
  readonly #sweeps: readonly Repeat[];
  #others = 0;
  #repairedTo = 0;
  /** What the clock that counts said last. */
  #clockSaid: number | undefined;

  constructor(options: DispatchOptions) {
    const { store, clock, lease, newId, log } = options;
    this.#options = options;
    this.incarnation = new Incarnation(newId(), store, clock, lease, log);
    this.incarnation.onRecovered = () => this.hurry();
    this.#results = new ResultWriter({ incarnation: this.incarnation.id, store, clock, log });
    this.slots = new HeldSlots(this.incarnation.id, store);
    this.#marks = new SendMarks(this.incarnation.id, store);
    this.#links = new ProviderLinks({
      link: (configured) => this.#link(configured),
      patienceMs: options.patienceMs,
      log,
      onSlots: () => {
        this.hurry();
        if (this.#others > 0) this.#options.wakeUp.tell({ kind: "slots" });
      },
    });
    const repeat = (name: string, everyMs: number, task: () => Promise<void>) =>
      new Repeat(name, { everyMs, task, clock, log });
    this.#sync = repeat("take over and share slots", lease.heartbeatMs, () => this.#synchronise());
    this.#follow = repeat("follow providers", FOLLOW_EVERY_MS, () => this.#followProviders());
    this.#sweeps = [
      this.#sync,
      this.#follow,
      repeat("measure answers", MEASURE_EVERY_MS, () => this.#measure()),
      repeat("expire requests", EXPIRE_EVERY_MS, () => this.#expire()),
      repeat("repair lanes", REPAIR_EVERY_MS, () => this.#repair()),
      repeat("watch the clock", WATCH_CLOCK_EVERY_MS, () => this.#watchClock()),
    ];
  }

  async start(): Promise<void> {
    await this.incarnation.start(`process ${process.pid}`);
    await this.#followProviders();
    await this.#synchronise();
    // The others tell nothing to instances that they do not know of, and keep slots meant for them.
    if (this.#others > 0) this.#options.wakeUp.tell({ kind: "slots" });
    for (const sweep of this.#sweeps) sweep.start();
  }

  dispatcher(provider: string): ProviderDispatcher | undefined {
    return this.#links.dispatcher(provider);
  }

  dispatchers(): ProviderDispatcher[] {
    return this.#links.dispatchers();
  }

  /** Gives heads back and closes sessions; answers under way are awaited until `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#sweeps.map((sweep) => sweep.stop()));
    const abandon = () => this.#results.abandon();
    signal.addEventListener("abort", abandon, { once: true });
    if (signal.aborted) abandon();
    await this.#links.stop(signal);
    await this.#results.idle();
    signal.removeEventListener("abort", abandon);
  }

  /** Frees the slots for others: the end of a drained life. */
  async signOff(): Promise<void> {
    await this.incarnation.stop();
    try {
      await this.#options.store.deregister(this.incarnation.id);
      this.#options.wakeUp.tell({ kind: "slots" });
    } catch (error) {
      // Whoever starts next frees what is left, by the lease.
      this.#options.log.warn({ err: error }, "this process could not be signed off");
    }
  }

  /** Other instances, as of the last sweep. */
  get others(): number {
    return this.#others;
  }

  /** Something of a provider may be claimable: here, and in the other instances if there are any. */
  work(provider: string): void {
    this.dispatcher(provider)?.wake();
    if (this.#others > 0) this.#options.wakeUp.tell({ kind: "work", provider });
  }

  /**
   * The same in so many milliseconds. Others are told at once, so that a claim finds nothing and
   * sets a timer of its own; and only of what is due before their next look is sure to be over: the
   * thousands that are scheduled for next week cost no notice.
   */
  workIn(provider: string, ms: number): void {
    this.dispatcher(provider)?.wakeIn(ms);
    if (this.#others === 0 || ms > LOOKED_FOR_WITHIN * this.#options.lease.heartbeatMs) return;
    this.#options.wakeUp.tell({ kind: "work", provider });
  }

  /** Looks for free slots and freed lanes now. */
  hurry(): void {
    this.#sync.hurry();
  }

  /** Looks for changed providers now. */
  followNow(): void {
    this.#follow.hurry();
  }

  /** Takes over from processes that are gone, and sees to it that free slots are taken. */
  async #synchronise(): Promise<void> {
    const { store, log, wakeUp } = this.#options;
    const { incarnations, lanes } = await store.takeOver(this.incarnation.id);
    if (incarnations.length > 0) {
      log.info({ incarnations, lanes }, "took over from gone processes");
      wakeUp.tell({ kind: "slots" });
    }
    await this.slots.freeUnused();
    await this.#shareSlots();
    await Promise.all(this.#links.standing().map((link) => link.reportAgain()));
    // Lanes that were freed, or that a lost notice left behind, are looked for here.
    for (const dispatcher of this.dispatchers()) dispatcher.lookAround();
  }

  async #followProviders(): Promise<void> {
    this.#links.follow(await this.#options.providers());
  }

  /** Writes how fast sessions are answered. */
  async #measure(): Promise<void> {
    const rates = this.#links.standing().flatMap((link) => link.measure());
    if (rates.length > 0) await this.#options.store.reportRates(this.incarnation.id, rates);
  }

  /**
   * Holds this process's share of all session slots: the total over the instances, rounded up.
   * Rounded up, the shares cover all slots, so that a free one always has a taker; who holds more
   * (the others came later) gives up the rest, one session at a time.
   */
  async #shareSlots(): Promise<void> {
    const { store, wakeUp, lease } = this.#options;
    const instances = await store.instances();
    const wanted = this.#links.wanted();
    const total = wanted.reduce((sum, { adapter }) => sum + adapter.connections, 0);
    const held = this.slots.countOf(new Set(wanted.map(({ name }) => name)));
    this.#others = Math.max(0, instances - 1);
    let spare = Math.ceil(total / Math.max(1, instances)) - held;
    const links = this.#links.standing().sort((a, b) => a.slots - b.slots);
    for (const link of links) spare -= await link.acquireSlots(spare);
    for (; spare < 0; spare += 1) {
      const [richest] = this.#links.standing().sort((a, b) => b.slots - a.slots);
      // The rest is held by links that are leaving, and by tests of connections.
      if (richest === undefined || richest.slots === 0) return;
      await richest.yieldSlot(AbortSignal.timeout(lease.heartbeatMs));
      wakeUp.tell({ kind: "slots" });
    }
  }

  /** Looks whether the clock that counts was set back, and who would sleep too long for it. */
  async #watchClock(): Promise<void> {
    const { now, recalled } = await this.#options.store.recallSleepers(this.#clockSaid);
    this.#clockSaid = now;
    if (recalled === 0) return;
    this.#options.log.warn({ lanes: recalled }, "the clock was set back; pauses end as meant");
    for (const dispatcher of this.dispatchers()) dispatcher.wake();
  }

  /** Goes through the waiting requests, a part at a time, for one whose lane is missing. */
  async #repair(): Promise<void> {
    const { lanes, providers, next } = await this.#options.store.repairLanes(this.#repairedTo);
    this.#repairedTo = next;
    if (lanes === 0) return;
    this.#options.log.error({ lanes }, "waiting requests had no lane; they have one now");
    for (const provider of providers) this.work(provider);
  }

  #link(configured: ConfiguredProvider): ProviderLink {
    return new ProviderLink({
      ...this.#options,
      configured,
      incarnation: this.incarnation.id,
      slots: this.slots,
      maySend: () => this.incarnation.maySend(),
      results: this.#results,
      marks: this.#marks,
      onImmediateEnded: (number) => {
        if (this.#others > 0) this.#options.wakeUp.tell({ kind: "ended", numbers: [number] });
      },
      onStale: () => this.followNow(),
    });
  }

  async #expire(): Promise<void> {
    const { numbers, providers } = await this.#options.store.expire(EXPIRED_AT_ONCE);
    for (const number of numbers) this.#options.settlements.finished(number);
    // What waited behind them may be ready now.
    for (const provider of providers) this.work(provider);
  }
}
