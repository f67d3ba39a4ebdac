import type { JournalEntry, JournalEvent } from "../../../src/simulator/journal.js";
import type { Simulator } from "../../../src/simulator/simulator.js";
import { inTime } from "./eventually.js";

/** What happened at the simulated CA system, and ways to wait for what will. */
export class CaJournal {
  readonly entries: JournalEntry[] = [];
  readonly #counts = new Map<JournalEvent, number>();
  readonly #transactions = new Set<string>();
  readonly #watchers = new Set<() => void>();

  constructor(simulator: Simulator) {
    simulator.onJournal((entry) => {
      this.entries.push(entry);
      if (entry.ev === "arrival") this.#transactions.add(`${entry.src} ${entry.txn}`);
      this.#counts.set(entry.ev, this.count(entry.ev) + 1);
      for (const look of this.#watchers) look();
    });
  }

  /** Commands that have come in, each counted once however often it was sent. */
  get reached(): number {
    return this.#transactions.size;
  }

  of(...events: JournalEvent[]): JournalEntry[] {
    return this.entries.filter((entry) => events.includes(entry.ev));
  }

  count(...events: JournalEvent[]): number {
    return events.reduce((sum, event) => sum + (this.#counts.get(event) ?? 0), 0);
  }

  /** The cards of such events, in order. */
  cards(...events: JournalEvent[]): (string | undefined)[] {
    return this.of(...events).map((entry) => entry.card);
  }

  /** Resolves in the very moment in which there are so many such events. */
  reaches(count: number, ...events: JournalEvent[]): Promise<void> {
    return this.until(`${count} x ${events.join(" or ")}`, () => this.count(...events) >= count);
  }

  /** Resolves when one more of these events has happened from now. */
  next(...events: JournalEvent[]): Promise<void> {
    return this.reaches(this.count(...events) + 1, ...events);
  }

  async until(what: string, isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    let look = () => {};
    const seen = new Promise<void>((resolve) => {
      look = () => {
        if (isSo()) resolve();
      };
    });
    this.#watchers.add(look);
    try {
      await inTime(`${what} at the CA system; it saw ${this.#summary()}`, seen);
    } finally {
      this.#watchers.delete(look);
    }
  }

  /** Calls `act` within the next event of this kind, or the `count`-th: nothing is in between. */
  atNext(event: JournalEvent, act: () => void, count = 1): void {
    const goal = this.count(event) + count;
    const look = () => {
      if (this.count(event) < goal || !this.#watchers.delete(look)) return;
      act();
    };
    this.#watchers.add(look);
  }

  #summary(): string {
    const last = this.entries.slice(-40).map((entry) => entry.ev);
    return `${this.entries.length} events, the last ${last.join(" ")}`;
  }
}
