import type { CaSession } from "../adapters/ca-adapter.js";

/** A session with the number of commands under way on it. */
export interface OpenSession {
  readonly session: CaSession;
  inFlight: number;
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
    this.#open.add({ session, inFlight: 0 });
  }

  remove(session: CaSession): void {
    for (const open of this.#open) if (open.session === session) this.#open.delete(open);
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
