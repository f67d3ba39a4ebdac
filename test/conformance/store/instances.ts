import { expect } from "chai";
import pino from "pino";
import { ResultWriter } from "../../../src/dispatch/result-writer.js";
import { systemClock } from "../../../src/requests/clock.js";
import type { ClaimOptions } from "../../../src/store/dispatch-store.js";
import type { Database } from "../../../src/store/knex/database.js";
import { knexDispatchStore } from "../../../src/store/knex/knex-dispatch-store.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import { postgresServer } from "../../support/postgres-server.js";
import { takes } from "../../support/provider-rules.js";
import { acceptance, type Create } from "./creates.js";
import { LEASE_MS, MANY, RUN, type StoreStage, stored } from "./stage.js";

/** The database that takes many instances. */
export const POSTGRES = {
  title: "PostgreSQL",
  create: async () => ({
    url: await (await postgresServer()).createDatabase(),
    driver: "sqlite3" as const,
  }),
};

export const CLAIM: Omit<ClaimOptions, "incarnation" | "limit"> = {
  provider: "alpha",
  providerVersion: 1,
  maxInFlight: 1000,
  inHand: 0,
  ended: [],
  pace: undefined,
  run: RUN,
};

export type Instance = Awaited<ReturnType<ReturnType<typeof setInstances>>>;

/** Makes processes of their own on the stage's database, closed after each test. */
export function setInstances(stage: StoreStage) {
  let databases: Database[];

  beforeEach(async () => {
    databases = [];
  });
  afterEach(async () => {
    for (const database of databases) await database.close();
  });

  /** A process with a slot of `alpha`. */
  return async function instance(name: string) {
    const database = await stage.openAnother();
    databases.push(database);
    const requests = knexRequestStore(database);
    const dispatch = knexDispatchStore(database, undefined, MANY);
    await stage.execute(
      `INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
       VALUES ('alpha', ?, 0, 'CLOSED', 1)`,
      [databases.length],
    );
    await dispatch.register(name, name, LEASE_MS);
    expect(await stage.acquireSlots(name, "alpha")).to.have.lengthOf(1);
    const log = pino({ level: "silent" });
    const writer = new ResultWriter({
      incarnation: name,
      store: dispatch,
      clock: systemClock,
      log,
    });
    const context = (inHand: number) => ({
      rules: takes(["REAUTHORISE_ALL_SERVICES"]),
      claim: {
        incarnation: name,
        places: new Map([
          ["alpha", { count: 2, maxInFlight: 3, inHand, pace: undefined, providerVersion: 1 }],
        ]),
      },
    });
    return {
      requests,
      dispatch,
      accept: async (creates: readonly Create[], inHand = 0) =>
        (await requests.accept(creates.map(acceptance), context(inHand))).map(stored),
      claim: (limit: number) => dispatch.claim({ ...CLAIM, incarnation: name, limit }),
      /** As the dispatcher writes them. */
      apply: async (...results: Parameters<typeof dispatch.apply>[1]) => {
        const dates = await Promise.all(results.map((result) => writer.write(result)));
        return { applied: dates.map((date) => date !== undefined) };
      },
    };
  };
}
