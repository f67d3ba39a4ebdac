import type { Logger } from "pino";
import type { RunDesk } from "../dispatch/run-desk.js";
import type { StoredRunDefinition } from "../providers/run-definition.js";
import type { CancelTimer, Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import type { ClaimRun } from "../store/dispatch-store.js";
import type { Run, RunStore } from "../store/run-store.js";
import { ActiveRun, covers } from "./active-run.js";

/** A run that a due request started ends when nothing came for so long. */
const WAKE_IDLE_MS = 1000;

export interface RunBookOptions {
  readonly store: RunStore;
  readonly incarnation: () => string;
  /** Names of the providers that are connected just now; wakes their dispatchers. */
  readonly wakeProviders: (covered: (provider: string) => boolean) => readonly string[];
  /** Tells the other instances of a run that has begun here. */
  readonly announce: (run: ClaimRun) => void;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The runs of this process. For each definition at most one is active:
 *
 *   none ──tick──▶ active (SCHEDULE)      a tick while one is active is skipped
 *   none ──StartRun──▶ active (MANUAL)    stored before it is answered; refused while one is active
 *   none ──due request, if the definition wakes──▶ active (WAKE)
 *   active ──nothing claimable, all it claimed has landed──▶ COMPLETED
 *            (a WAKE run: and a second without new work)
 *   active ──its definition is not effective any more──▶ closing, so is a WAKE run whose definition
 *            changed; others go on under the version they began with
 *   closing ──all it claimed has landed──▶ COMPLETED; then the next may begin
 *   active ──process stops──▶ COMPLETED, unless others have work in it: then it goes on as theirs
 *   active ──process dies──▶ INTERRUPTED, by who takes over
 *
 * A WAKE run that selects nothing is never stored, nor a SCHEDULE run for which nobody had anything
 * to claim at its tick.
 *
 * Several instances: a tick or StartRun is taken by one, which announces the run; each takes part
 * with the providers it is connected to, and ends the run when it has drained its part, unless
 * heads of it are under way elsewhere or another has something to claim in it. Whoever selects in a
 * run that was ended opens it again, as if it had stored it.
 * What others are to take part in is stored, a tick's run as well where they have work for it: who
 * missed the notice, or could not end it yet, finds it within a second. So does the process that
 * stored it, should it know nothing of a run, since the end could not be written or the commit
 * that stored it went unanswered.
 */
export class RunBook implements RunDesk {
  readonly #options: RunBookOptions;
  readonly #active = new Map<string, ActiveRun>();
  readonly #idle = new Map<string, CancelTimer>();
  #definitions: readonly StoredRunDefinition[] = [];
  #endings = new Set<Promise<void>>();
  /** Runs that were ended here since the last look at those stored as active. */
  readonly #endedLately = new Set<string>();

  constructor(options: RunBookOptions) {
    this.#options = options;
  }

  /** Takes note of the definitions as they are now; those that have come to wake do so at once. */
  define(definitions: readonly StoredRunDefinition[]): void {
    const before = this.#definitions;
    this.#definitions = definitions.filter((one) => one.lifeCycleState === "EFFECTIVE");
    for (const run of [...this.#active.values()]) if (this.#isOver(run)) this.#close(run);
    const known = ({ name, version }: StoredRunDefinition) =>
      before.some((one) => one.name === name && one.version === version);
    const fresh = this.#definitions.filter((one) => one.wake && !known(one));
    if (fresh.length === 0) return;
    this.#options.wakeProviders((provider) => fresh.some((one) => covers(one, provider)));
  }

  runFor(provider: string): ClaimRun | undefined {
    for (const run of this.#active.values()) {
      if (run.takes(provider)) return run.claim;
    }
    const waking = this.#definitions.find(
      (one) => one.wake && covers(one, provider) && !this.#active.has(one.name),
    );
    return waking && this.#newClaim(waking, "WAKE", undefined);
  }

  claimed(claim: ClaimRun, provider: string, selected: number, drained: boolean): void {
    let run = this.#active.get(claim.definition);
    if (run === undefined || run.claim.id !== claim.id) {
      // A WAKE run begins with the first head it selects.
      const definition = this.#definitions.find((one) => one.name === claim.definition);
      if (selected === 0 || definition === undefined) return;
      run = new ActiveRun(claim, definition, true);
      this.#active.set(claim.definition, run);
      // It was changed while the claim was under way.
      if (this.#isOver(run)) run.close();
    }
    run.claimed(provider, selected, drained);
    this.#look(run);
  }

  settled(runId: string, provider: string, more: boolean): void {
    for (const run of this.#active.values()) {
      if (run.claim.id !== runId) continue;
      run.settled(provider, more);
      this.#look(run);
    }
  }

  unreachable(provider: string): void {
    for (const run of this.#active.values()) {
      run.unreachable(provider);
      this.#look(run);
    }
  }

  /** A tick of a definition's schedule: starts a run, unless one is active or another process did. */
  async tick(name: string, fireDate: number): Promise<void> {
    const definition = this.#definitions.find((one) => one.name === name);
    if (definition === undefined) return;
    const { store, incarnation, announce, log } = this.#options;
    if (!(await store.takeTick(name, fireDate))) return;
    const claim = this.#newClaim(definition, "SCHEDULE", fireDate);
    const stored = await store.startForOthers(claim, incarnation());
    if (!stored && this.#active.has(name)) {
      log.debug({ run_definition: name }, "tick skipped: a run is active");
      return;
    }
    announce(claim);
    this.#begin(definition, claim, stored);
  }

  /** Takes part in a run that began in another instance. */
  join(claim: ClaimRun, stored = claim.trigger === "MANUAL"): void {
    const definition = this.#definitions.find((one) => one.name === claim.definition);
    if (definition === undefined || this.#active.has(claim.definition)) return;
    this.#begin(definition, claim, stored);
  }

  /** Takes part in the runs that are stored as active. Called every second. */
  async follow(): Promise<void> {
    const { store, incarnation } = this.#options;
    for (const claim of await store.toJoin(incarnation())) {
      // It may have been read just before its end was written: the next look tells.
      if (this.#endedLately.has(claim.id) || this.#active.has(claim.definition)) continue;
      if (this.#definitions.some(({ name }) => name === claim.definition)) this.join(claim, true);
      else this.#writeEnd(claim.id);
    }
    this.#endedLately.clear();
  }

  /** Starts a run by hand. */
  async start(name: string, stored: StoredRunDefinition | undefined): Promise<Run> {
    const { store, incarnation } = this.#options;
    const field = "run_definition";
    if (stored === undefined) {
      const description = `no run definition is named ${name}`;
      throw ServiceError.of("RUN_DEFINITION_NOT_FOUND", {
        field,
        description,
        resource: { type: "run_definition", name },
      });
    }
    if (stored.lifeCycleState !== "EFFECTIVE") {
      throw ServiceError.of("RUN_DEFINITION_NOT_EFFECTIVE", { field });
    }
    const claim = this.#newClaim(stored, "MANUAL", undefined);
    // Of one that is stored the database knows better: another instance may have ended it.
    const unstored = this.#active.get(name)?.stored === false;
    if (unstored || !(await store.start(claim, incarnation()))) {
      throw ServiceError.of("RUN_ALREADY_ACTIVE", { field });
    }
    this.#options.announce(claim);
    this.#begin(stored, claim, true);
    return {
      ...claim,
      state: "ACTIVE",
      endDate: undefined,
      selected: 0,
      completed: 0,
      rejected: 0,
      deferred: 0,
    };
  }

  /** Ends every run: the process stops. */
  async stop(): Promise<void> {
    for (const run of [...this.#active.values()]) this.#end(run);
    await Promise.all(this.#endings);
  }

  #begin(definition: StoredRunDefinition, claim: ClaimRun, stored: boolean): void {
    // A due request may have begun a WAKE run meanwhile; the newer one takes its place.
    let run = this.#active.get(definition.name);
    if (run?.claim.id !== claim.id) {
      if (run !== undefined) this.#end(run);
      run = new ActiveRun(claim, definition, stored);
      this.#active.set(definition.name, run);
      if (this.#isOver(run)) run.close();
    }
    const watched = this.#options.wakeProviders((provider) => covers(definition, provider));
    for (const provider of watched) run.claimed(provider, 0, false);
    this.#look(run);
  }

  /** Ends a run that is drained; a WAKE run lingers for what comes next. */
  #look(run: ActiveRun): void {
    const name = run.definition.name;
    if (!run.drained) {
      this.#idle.get(name)?.();
      this.#idle.delete(name);
      return;
    }
    if (run.claim.trigger !== "WAKE" || run.closing) {
      this.#end(run);
      return;
    }
    // Counted from the last work: looking in vain again does not prolong it.
    if (this.#idle.has(name)) return;
    this.#idle.set(
      name,
      this.#options.clock.setTimer(WAKE_IDLE_MS, () => this.#end(run)),
    );
  }

  /** True for a run that its definition, as it is now, would not have. */
  #isOver({ claim }: ActiveRun): boolean {
    const definition = this.#definitions.find((one) => one.name === claim.definition);
    if (definition === undefined) return true;
    // What due requests started would go on for as long as more of them follow.
    return claim.trigger === "WAKE" && claim.definitionVersion !== definition.version;
  }

  #close(run: ActiveRun): void {
    run.close();
    this.#look(run);
  }

  #end(run: ActiveRun): void {
    const name = run.definition.name;
    this.#idle.get(name)?.();
    this.#idle.delete(name);
    if (this.#active.get(name) === run) this.#active.delete(name);
    // What waits for a run may start one again.
    if (run.closing) this.#options.wakeProviders(() => true);
    if (run.stored) this.#writeEnd(run.claim.id);
  }

  #writeEnd(id: string): void {
    this.#endedLately.add(id);
    const { store, incarnation, log } = this.#options;
    const ending = store
      .end(id, "COMPLETED", incarnation())
      .catch((error: unknown) => {
        log.warn({ err: error, run: id }, "a run's end could not be written; it is tried again");
      })
      .finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  #newClaim(
    definition: StoredRunDefinition,
    trigger: ClaimRun["trigger"],
    fireDate: number | undefined,
  ): ClaimRun {
    return {
      id: this.#options.newId(),
      definition: definition.name,
      definitionVersion: definition.version,
      trigger,
      startDate: this.#options.clock.now(),
      fireDate,
    };
  }
}
