import { expect } from "chai";
import type { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import { type Clock, systemClock } from "../../src/requests/clock.js";
import { DATABASES } from "../support/stores.js";
import { EVERY_SECOND } from "../support/world/environment.js";
import { eventually } from "../support/world/eventually.js";
import { caIdOf } from "../support/world/stock.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;
/** Forward, back past the start, and forward again. */
const JUMPS = [0, HOUR_MS, -2 * HOUR_MS, -HOUR_MS, 3 * HOUR_MS];
const CARDS = [0, 1, 0, 0, 1];

for (const database of DATABASES) {
  describe(`a clock that jumps, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let shift = 0;
    const clock: Clock = { ...systemClock, now: () => systemClock.now() + shift };

    /** Sets the clock that counts: the process's, and the database's that instances share. */
    async function jump(world: World, to: number): Promise<void> {
      const store = await world.database();
      if (store.dialect.capabilities.manyInstances) {
        await store.write("create", (tx) =>
          tx.all(`CREATE OR REPLACE FUNCTION provisioning_now() RETURNS bigint LANGUAGE sql STABLE
            AS $$ SELECT CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint) + ${to} $$`),
        );
      }
      shift = to;
    }

    /** All ended, each sent once, those of a card as they were created. */
    async function expectInOrder(world: World, requests: readonly ProvisioningRequest[]) {
      const ended = await world.api.allEnded(requests);
      expect([...new Set(ended.map(({ attempts }) => attempts))]).to.deep.equal([1]);
      for (const card of new Set(CARDS)) {
        const own = ended.filter(({ smartcard }) => smartcard?.caId === caIdOf(card));
        expect(
          world.ca
            .of("arrival")
            .filter((arrival) => arrival.card === caIdOf(card))
            .map(({ txn }) => txn),
        ).to.deep.equal(own.map(({ transactionNumber }) => Number(transactionNumber)));
      }
    }

    beforeEach(() => {
      shift = 0;
    });

    it("between creates: what waits keeps its order", async () => {
      const world = await worlds.start({ clock, caUp: false });
      const requests: ProvisioningRequest[] = [];
      for (const to of JUMPS) {
        await jump(world, to);
        requests.push(...(await world.api.createInOrder(...CARDS)));
      }
      await world.caUp();
      await expectInOrder(world, requests);
    });

    it("while requests are sent: each goes once, in order, and none waits for the clock", async () => {
      const world = await worlds.start({ clock, simulator: { behaviour: { latencyMs: 5 } } });
      const requests: ProvisioningRequest[] = [];
      for (const to of JUMPS) {
        requests.push(...(await world.api.createInOrder(...CARDS)));
        await jump(world, to);
      }
      await expectInOrder(world, requests);
    });

    it("ahead for a while: ticks come again when it is right, after a restart too", async () => {
      const runDefinitions = [{ name: "default", cron: EVERY_SECOND, wake: false }];
      const world = await worlds.start({ clock, runDefinitions });
      const { reader } = await world.database();
      shift = 3 * HOUR_MS;
      await eventually(
        "a tick of the clock that is ahead",
        () => reader.all<{ last_tick: number | null }>("SELECT last_tick FROM run_definitions"),
        ([definition]) => Number(definition?.last_tick) > Date.now() + 2 * HOUR_MS,
      );
      shift = 0;
      await world.api.ended(await world.api.create(0));
      shift = 3 * HOUR_MS;
      await world.api.ended(await world.api.create(1));
      await world.stop();
      shift = 0;
      await world.start();
      await world.api.ended(await world.api.create(2));
    });
  });
}
