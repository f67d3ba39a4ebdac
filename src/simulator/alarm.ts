import type { Clock } from "./clock.js";

/** One timer that is set, set again and cleared many times over. */
export class Alarm {
  #cancel: (() => void) | undefined;

  constructor(
    readonly clock: Clock,
    readonly ring: () => void,
  ) {}

  /** True from `set` until it rings or is cleared. */
  get running(): boolean {
    return this.#cancel !== undefined;
  }

  /** Rings `ms` from now, and not at the time set before. */
  set(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.clock.after(ms, () => {
      this.#cancel = undefined;
      this.ring();
    });
  }

  /** Does not ring any more. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
