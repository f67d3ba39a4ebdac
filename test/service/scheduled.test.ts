import { expect } from "chai";
import { DATABASES } from "../support/stores.js";
import { timestamp } from "../support/world/api.js";
import { ElasticClock } from "../support/world/elastic-clock.js";
import { caIdOf } from "../support/world/stock.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;

for (const database of DATABASES) {
  describe(`scheduled_date on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let clock: ElasticClock;
    let world: World;
    let skipped = 0;

    /** Sets forward the clock that counts: the process's, or the database's that instances share. */
    async function skip(ms: number): Promise<void> {
      skipped += ms;
      const store = await world.database();
      if (store.dialect.capabilities.manyInstances) {
        await store.write("create", (tx) =>
          tx.all(`CREATE OR REPLACE FUNCTION provisioning_now() RETURNS bigint LANGUAGE sql STABLE
            AS $$ SELECT CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint) + ${skipped} $$`),
        );
      }
      clock.skip(ms);
    }

    beforeEach(async () => {
      clock = new ElasticClock();
      skipped = 0;
      world = await worlds.start({ clock, settings: { LEASE_MS: 10 * HOUR_MS } });
    });

    it("does not send a request before its date, and sends it within a second of it", async () => {
      const { api, ca } = world;
      const scheduled = Date.now() + HOUR_MS;
      const request = await api.create(0, { scheduled });
      expect(request).to.deep.include({
        waitingFor: "WAITING_FOR_SCHEDULED_DATE",
        scheduledDate: timestamp(scheduled),
      });
      await skip(HOUR_MS / 2);
      // What is due goes through meanwhile, on its card too.
      await api.allEnded(await api.createInOrder(1, 0));
      expect(ca.cards("arrival")).to.deep.equal([caIdOf(1), caIdOf(0)]);
      expect((await api.get(request.number)).waitingFor).to.equal("WAITING_FOR_SCHEDULED_DATE");
      await skip(HOUR_MS);
      await api.ended(request);
      expect(ca.cards("arrival")).to.deep.equal([1, 0, 0].map(caIdOf));
    });

    it("sends scheduled requests of one card in the order of their dates", async () => {
      const { api, ca } = world;
      const start = Date.now();
      const late = await api.create(0, { scheduled: start + 2 * HOUR_MS });
      const early = await api.create(0, { scheduled: start + HOUR_MS });
      await skip(3 * HOUR_MS);
      const ended = await api.allEnded([early, late]);
      expect(ca.of("arrival").map(({ txn }) => txn)).to.deep.equal(
        ended.map(({ transactionNumber }) => Number(transactionNumber)),
      );
    });

    it("keeps a schedule over a restart", async () => {
      const request = await world.api.create(0, { scheduled: Date.now() + HOUR_MS });
      await world.stop();
      await world.start();
      expect((await world.api.get(request.number)).waitingFor).to.equal(
        "WAITING_FOR_SCHEDULED_DATE",
      );
      await skip(2 * HOUR_MS);
      await world.api.ended(request);
      expect(world.ca.count("effect")).to.equal(1);
    });
  });
}
