import { expect } from "chai";
import { ElasticClock } from "../support/world/elastic-clock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;
const SWEEP_MS = 10_000;
const PAUSE_MS = 30_000;

for (const database of ONE_OF_EACH) {
  describe(`a clock that is set back by an hour, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let clock: ElasticClock;
    let world: World;

    /** Has the database say what the process does: its clock counts where instances share it. */
    async function tellDatabase(): Promise<void> {
      const store = await world.database();
      if (!store.dialect.capabilities.manyInstances) return;
      const ahead = clock.now() - Date.now();
      await store.write("create", (tx) =>
        tx.all(`CREATE OR REPLACE FUNCTION provisioning_now() RETURNS bigint LANGUAGE sql STABLE
          AS $$ SELECT CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint) + ${ahead} $$`),
      );
    }

    async function skip(ms: number): Promise<void> {
      clock.skip(ms);
      await tellDatabase();
    }

    beforeEach(async () => {
      clock = new ElasticClock();
      world = await worlds.start({
        clock,
        settings: { LEASE_MS: 10 * HOUR_MS },
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: PAUSE_MS } },
      });
    });

    it("puts no retry off for as long", async () => {
      const { api, simulator } = world;
      const request = await api.create(0);
      await api.until(request, "a pause", ({ nextAttemptDate }) => nextAttemptDate !== undefined);
      simulator.change({ busyRate: 0 });
      clock.setBack(HOUR_MS);
      await tellDatabase();
      await skip(SWEEP_MS);
      await api.until(
        request,
        "a sooner attempt",
        ({ nextAttemptDate }) => Number(nextAttemptDate?.seconds) * 1000 < Date.now(),
      );
      await skip(PAUSE_MS);
      expect((await api.ended(request)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
    });
  });
}
