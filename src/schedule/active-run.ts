import type { StoredRunDefinition } from "../providers/run-definition.js";
import type { ClaimRun } from "../store/dispatch-store.js";

/** True when a definition covers a provider; an empty list covers all. */
export function covers(
  definition: Pick<StoredRunDefinition, "providers">,
  provider: string,
): boolean {
  return definition.providers.length === 0 || definition.providers.includes(provider);
}

/**
 * A run under way in this process. It is *drained* once every provider that it still watches has
 * nothing more to claim and every head it claimed has landed, with nothing left to claim behind
 * it. One that is *closing* claims nothing more: its definition has changed under it, or is no
 * longer effective.
 */
export class ActiveRun {
  readonly claim: ClaimRun;
  readonly definition: StoredRunDefinition;
  /** Providers that may have something to claim. */
  readonly #watched = new Set<string>();
  #underWay = 0;
  /** It has selected a head, or was stored when it was started. */
  stored: boolean;
  #closing = false;

  constructor(claim: ClaimRun, definition: StoredRunDefinition, stored: boolean) {
    this.claim = claim;
    this.definition = definition;
    this.stored = stored;
  }

  get drained(): boolean {
    return this.#watched.size === 0 && this.#underWay === 0;
  }

  get closing(): boolean {
    return this.#closing;
  }

  /** True when heads of the provider are claimed in it. */
  takes(provider: string): boolean {
    return !this.#closing && covers(this.definition, provider);
  }

  close(): void {
    this.#closing = true;
    this.#watched.clear();
  }

  claimed(provider: string, selected: number, drained: boolean): void {
    if (selected > 0) this.stored = true;
    this.#underWay += selected;
    if (drained || this.#closing) this.#watched.delete(provider);
    else this.#watched.add(provider);
  }

  settled(provider: string, more: boolean): void {
    this.#underWay -= 1;
    if (more && !this.#closing) this.#watched.add(provider);
  }

  unreachable(provider: string): void {
    this.#watched.delete(provider);
  }
}
