import { ServiceError } from "../requests/service-error.js";

/** What calls in flight have to end with an answer, before they are cut off; half of a short stop. */
const LAST_WORDS_MS = 1000;

/** When a caller that was turned away may come back. */
const RETRY_AFTER_MS = 1000;

/** Lets calls in while there is room, and tells those inside when the server stops. */
export class CallGate {
  readonly #limit: number;
  readonly #onStop = new Set<() => void>();
  #inFlight = 0;
  #stopping = false;

  /** `limit`: calls in flight in the whole process; further ones are answered OVERLOADED. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Takes a place, to be given back with `leave`; fails with OVERLOADED or STOPPING. */
  enter(): void {
    if (this.#stopping) throw stopping();
    if (this.#inFlight >= this.#limit) {
      throw ServiceError.of("OVERLOADED", {}, { retryAfterMs: RETRY_AFTER_MS });
    }
    this.#inFlight += 1;
  }

  leave(): void {
    this.#inFlight -= 1;
  }

  /** Calls `fire` once when the server stops, at once if it does already; returns the undoing. */
  onStop(fire: () => void): () => void {
    if (this.#stopping) {
      fire();
      return () => {};
    }
    this.#onStop.add(fire);
    return () => this.#onStop.delete(fire);
  }

  /**
   * Stops shortly before `timeoutMs` is over, or when `now` aborts, unless the returned function
   * says before that there is nothing left to stop.
   */
  stopBefore(timeoutMs: number, now?: AbortSignal): () => void {
    const stop = () => this.stop();
    const lastWords = setTimeout(stop, Math.max(timeoutMs / 2, timeoutMs - LAST_WORDS_MS));
    now?.addEventListener("abort", stop, { once: true });
    if (now?.aborted === true) stop();
    return () => {
      clearTimeout(lastWords);
      now?.removeEventListener("abort", stop);
    };
  }

  /** Turns new calls away and tells those in flight. */
  stop(): void {
    this.#stopping = true;
    for (const fire of this.#onStop) fire();
    this.#onStop.clear();
  }
}

/** What a call is answered that the server has no time for any more. */
export function stopping(): ServiceError {
  return ServiceError.of("STOPPING", {}, { retryAfterMs: RETRY_AFTER_MS });
}
