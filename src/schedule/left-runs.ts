import type { RunStore } from "../store/run-store.js";

export interface LeftRunsOptions {
  readonly store: Pick<RunStore, "active" | "end">;
  readonly incarnation: () => string;
  /** True for a run that is under way in this process. */
  readonly isUnderWay: (run: string) => boolean;
}

/**
 * Ends what was left active: runs that this process stored and knows nothing of, since their end
 * could not be written, or the commit that stored them went unanswered. One is left when two looks
 * in a row find that nobody has selected in it: another instance may still be at it, or the call
 * that starts it be under way. Whoever selects in it later opens it again.
 */
export class LeftRuns {
  readonly #options: LeftRunsOptions;
  /** What the last look found, with how many heads were selected in each. */
  #found: ReadonlyMap<string, number> = new Map();

  constructor(options: LeftRunsOptions) {
    this.#options = options;
  }

  async end(): Promise<void> {
    const { store, incarnation, isUnderWay } = this.#options;
    const active = await store.active(incarnation());
    const unknown = active.filter(({ id }) => !isUnderWay(id));
    for (const { id, selected } of unknown) {
      if (this.#found.get(id) === selected) await store.end(id, "COMPLETED", incarnation());
    }
    this.#found = new Map(unknown.map(({ id, selected }) => [id, selected]));
  }
}
