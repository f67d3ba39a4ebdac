import type { ServiceError } from "../requests/service-error.js";
import { type CallGate, stopping } from "./call-gate.js";

/**
 * What the calls of both edges have in common: a signal that is aborted when an answer is no longer
 * waited for, made when it is first asked for.
 */
export abstract class WatchedCall {
  readonly #gate: CallGate;
  #controller: AbortController | undefined;
  #release: (() => void) | undefined;

  constructor(gate: CallGate) {
    this.#gate = gate;
  }

  /** Why the call ended before its answer; undefined while it has not. */
  abstract get cancelled(): ServiceError | undefined;

  /** Calls `look` whenever `cancelled` may have come to be defined; returns the undoing. */
  protected abstract watch(look: () => void): () => void;

  get signal(): AbortSignal {
    this.#controller ??= this.#watched(new AbortController());
    return this.#controller.signal;
  }

  /** The reason the signal was aborted with, if somebody asked for it and it was. */
  get aborted(): unknown {
    return this.#controller?.signal.reason;
  }

  get gone(): ServiceError | undefined {
    return this.cancelled ?? (this.#gate.isStopping ? stopping() : undefined);
  }

  /** Ends the watch over the call; its signal stays as it is. */
  close(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #watched(controller: AbortController): AbortController {
    const look = () => {
      const { cancelled } = this;
      if (cancelled !== undefined) controller.abort(cancelled);
    };
    const unwatch = this.watch(look);
    look();
    const forget = this.#gate.onStop(() => controller.abort(stopping()));
    this.#release = () => {
      unwatch();
      forget();
    };
    return controller;
  }
}
