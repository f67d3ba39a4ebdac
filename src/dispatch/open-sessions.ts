import type { CaSession } from "../adapters/ca-adapter.js";

/** A session with the number of commands under way on it. */
export interface OpenSession {
  readonly session: CaSession;
  inFlight: number;
  /** Answers since it was last asked for them. */
  answered: number;
}

/** The provider's open sessions in this process, and the room they have. */
export class OpenSessions {
  readonly #open = new Set<OpenSession>();

  get any(): boolean {
    return this.#open.size > 0;
  }

  /** Commands that may be under way at once on all of them. */
  get window(): number {
    let total = 0;
    for (const { session } of this.#open) total += session.window;
    return total;
  }

  add(session: CaSession): void {
    this.#open.add({ session, inFlight: 0, answered: 0 });
  }

  remove(session: CaSession): void {
    for (const open of this.#open) if (open.session === session) this.#open.delete(open);
  }

  /** How many answers the session had since the last time; 0 for one that is not open. */
  takeAnswered(session: CaSession): number {
    for (const open of this.#open) {
      if (open.session !== session) continue;
      const { answered } = open;
      open.answered = 0;
      return answered;
    }
    return 0;
  }

  /** The session with the most room; undefined when all windows are full. */
  roomiest(): OpenSession | undefined {
    let best: OpenSession | undefined;
    for (const open of this.#open) {
      const room = open.session.window - open.inFlight;
      if (room > 0 && room > (best === undefined ? 0 : best.session.window - best.inFlight)) {
        best = open;
      }
    }
    return best;
  }
}
