import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { eventually, inTime } from "../support/world/eventually.js";
import { PROVIDER } from "../support/world/stock.js";
import { useWorlds } from "../support/world/worlds.js";

const COMPLETED = "LIFE_CYCLE_STATE_COMPLETED";

for (const database of DATABASES) {
  describe(`a graceful stop on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("waits for the answers under way and gives the rest back unsent", async () => {
      const world = await worlds.start({
        caUp: false,
        simulator: { behaviour: { latencyMs: 400 } },
        providers: [{ connection: { window: 2 }, limits: { max_in_flight: 20 } }],
      });
      const requests = await world.api.createInOrder(0, 1, 2, 3, 4, 0);
      await world.caUp();
      await world.ca.reaches(2, "arrival");
      await world.stop();
      expect(world.ca.count("arrival")).to.equal(2);
      expect(world.ca.count("effect")).to.equal(2);
      expect(world.simulator.sessions).to.equal(0);
      world.simulator.change({ latencyMs: 0 });
      await world.start();
      const ended = await world.api.allEnded(requests);
      expect(ended.map((request) => request.lifeCycleState)).to.deep.equal(
        requests.map(() => COMPLETED),
      );
      // What was answered was written: nothing was sent a second time.
      expect(world.ca.count("arrival")).to.equal(6);
    });

    it("answers immediate calls: with the end of what is sent, with the rest as it stands", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 300 } } });
      const sent = world.api.create(0, { processImmediately: true });
      await world.ca.reaches(1, "arrival");
      const behind = world.api.create(0, { processImmediately: true });
      await eventually(
        "the second request",
        () => world.api.all(),
        (all) => all.length === 2,
      );
      const stopping = world.stop();
      expect((await sent).lifeCycleState).to.equal(COMPLETED);
      expect((await behind).lifeCycleState).to.equal("LIFE_CYCLE_STATE_PENDING");
      await stopping;
      expect(world.ca.count("effect")).to.equal(1);
    });

    it("answers immediate calls whose CA system does not answer before it ends", async () => {
      const world = await worlds.create({ simulator: { behaviour: { latencyMs: 60_000 } } });
      await world.start({ STOP_TIMEOUT_MS: 1500 });
      await world.connected();
      const sent = world.api.create(0, { processImmediately: true });
      await world.ca.reaches(1, "arrival");
      await world.stop();
      expect((await sent).number).to.equal(1n);
    });

    it("aborted, it waits for nothing, and nothing is lost or doubled", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 60_000 } } });
      const requests = await world.api.createInOrder(0, 1);
      await world.ca.reaches(2, "arrival");
      await inTime("the stop", world.stop(AbortSignal.abort()), 5000);
      world.simulator.change({ latencyMs: 0 });
      await world.caDown();
      await world.caUp();
      await world.start();
      await world.api.allEnded(requests);
      expect(world.ca.count("effect")).to.equal(2);
      expect(new Set(world.ca.of("arrival").map(({ txn }) => txn)).size).to.equal(2);
    });

    it("tells watchers and probes first, and takes no more calls", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 200 } } });
      const { api } = world;
      const probe = async (path: string) =>
        (await fetch(`http://${world.service.http}${path}`)).status;
      expect(await api.health()).to.equal("SERVING");
      expect(await api.health("provisioning.v1.ProvisioningService")).to.equal("SERVING");
      expect(await probe("/readyz")).to.equal(200);
      const watch = api.watchHealth();
      await eventually(
        "the watch",
        async () => watch.statuses.length,
        (count) => count > 0,
      );
      await api.create(0);
      await world.ca.reaches(1, "arrival");
      const { http } = world.service;
      const stopping = world.stop();
      await watch.ended;
      expect([...new Set(watch.statuses)]).to.deep.equal(["SERVING", "NOT_SERVING"]);
      expect((await failureOf(api.create(0))).code).to.equal("UNAVAILABLE");
      expect((await fetch(`http://${http}/readyz`)).status).to.equal(503);
      expect((await fetch(`http://${http}/livez`)).status).to.equal(200);
      await stopping;
      expect(world.ca.count("effect")).to.equal(1);
    });

    it("ends while a provider that was just changed awaits its answers", async () => {
      const world = await worlds.start({
        simulator: { behaviour: { latencyMs: 1500 } },
        providers: [{ connection: { window: 1 }, limits: { max_in_flight: 20 } }],
      });
      await world.connected();
      await world.api.createInOrder(0, 1);
      await world.ca.reaches(1, "arrival");
      const inHand = (heads: bigint) =>
        eventually(
          `${heads} in hand`,
          () => world.operator.status(PROVIDER),
          ({ inFlight }) => inFlight === heads,
        );
      await inHand(2n);
      await world.operator.setProvider(PROVIDER, "NOT_EFFECTIVE");
      // What was not sent has been given back; what was sent is awaited.
      await inHand(1n);
      await inTime("the stop", world.stop());
      expect(world.ca.count("effect")).to.equal(1);
    });
  });
}
