import pino from "pino";
import { v7 as newId } from "uuid";
import { DispatchLife } from "../../src/dispatch/dispatch-life.js";
import { Settlements } from "../../src/dispatch/settlements.js";
import { alone } from "../../src/dispatch/wake-up/wake-up.js";
import { ConfiguredProvider } from "../../src/providers/configured-provider.js";
import type { Provider } from "../../src/providers/provider.js";
import { type CancelTimer, type Clock, systemClock } from "../../src/requests/clock.js";
import type { ClaimRun } from "../../src/store/dispatch-store.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { MANY } from "../conformance/store/stage.js";
import { eventually } from "../support/world/eventually.js";
import type { ForgetfulCa } from "./forgetful-ca.js";
import { mortalStore } from "./mortal-store.js";

/** The life of one process: true when all has ended, false when it died before. */
export async function liveAndDie(
  database: Database,
  ca: ForgetfulCa,
  random: () => number,
): Promise<boolean> {
  const clock = new MortalClock();
  const caller = { alive: () => clock.runs, die: () => clock.stop() };
  const store = mortalStore(knexDispatchStore(database, undefined, MANY), caller, random);
  const provider: Provider = {
    name: "alpha",
    protocol: "nds",
    lifeCycleState: "EFFECTIVE",
    commands: undefined,
    connection: {},
    services: {},
    limits: { maxInFlight: 6 },
    definedInFile: true,
    lifeCycleReason: undefined,
    version: 1,
    createdDate: 1,
    updatedDate: 1,
    createdBy: undefined,
    updatedBy: undefined,
  };
  const configured = new ConfiguredProvider(provider, ca.adapterFor(caller));
  const run: ClaimRun = {
    id: newId(),
    definition: "default",
    definitionVersion: 1,
    trigger: "WAKE",
    startDate: systemClock.now(),
    fireDate: undefined,
  };
  const nothing = () => undefined;
  const life = new DispatchLife({
    store,
    runs: { runFor: () => run, claimed: nothing, settled: nothing, unreachable: nothing },
    settlements: new Settlements(),
    wakeUp: alone,
    providers: async () => [configured],
    patienceMs: 1000,
    lease: { leaseMs: 30_000, heartbeatMs: 1000 },
    backoff: { baseMs: 1, maxMs: 1 },
    unseal: (pin) => pin,
    newId,
    clock,
    random: () => 0,
    log: pino({ level: "silent" }),
  });
  // Dead, it never comes back from this.
  life.start().catch(nothing);
  const waiting = () => database.reader.all("SELECT number FROM waiting");
  await eventually(
    "the end of all, or of the process",
    async () => ({ over: (await waiting()).length === 0 || !clock.runs }),
    ({ over }) => over,
  );
  if (clock.runs) {
    // It may die in this as well, and then never be done with it.
    await Promise.race([life.drain(AbortSignal.abort()), clock.stopped]);
    clock.stop();
    return (await waiting()).length === 0;
  }
  // Nobody hears of it any more: as if its lease had run out.
  await database.write("import", (tx) => tx.all("UPDATE incarnations SET lease_date = 0"));
  return false;
}

/** The clock of a process: once that is dead, it has no timer left. */
class MortalClock implements Clock {
  readonly #timers = new Set<CancelTimer>();
  readonly stopped: Promise<void>;
  runs = true;
  #tellStopped: () => void = () => undefined;

  constructor() {
    this.stopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
  }

  stop(): void {
    this.runs = false;
    this.#tellStopped();
    for (const cancel of this.#timers) cancel();
  }

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  setTimer(ms: number, fire: () => void): CancelTimer {
    if (!this.runs) return () => undefined;
    const cancel = systemClock.setTimer(ms, () => {
      this.#timers.delete(cancel);
      fire();
    });
    this.#timers.add(cancel);
    return cancel;
  }
}
