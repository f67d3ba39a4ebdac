import { expect } from "chai";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import { DATABASES } from "../support/stores.js";
import { Api } from "../support/world/api.js";
import { present } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

/** From the signal until another instance has opened the session: the promise itself. */
const MOVED_WITHIN_MS = 2000;

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`one of three instances on ${database.title} that stops under load`, function () {
    this.timeout(90_000);
    const worlds = useWorlds(database);

    it("fails no call, charges no attempt, and hands its session over within 2 s", async () => {
      const world = await worlds.create({
        // Long ones: nothing is found by a heartbeat, all of it is told.
        settings: { LEASE_MS: 30_000, HEARTBEAT_MS: 10_000 },
        simulator: { behaviour: { latencyMs: 3 } },
      });
      const services = [await world.spawn()];
      await world.ca.reaches(1, "session");
      services.push(await world.spawn(), await world.spawn());
      const api = Api.ofAll(services.map(({ grpc }) => grpc));
      const load = new Load({
        api: () => api,
        seed: 8,
        cards: 24,
        callers: 32,
        // Enough to be under way at any moment; it is to be drained too.
        room: () =>
          world.ca.until(
            "room for more",
            () => load.orders.length - world.ca.count("effect") < 100,
          ),
      });
      load.start();
      await world.ca.reaches(120, "effect");
      const signalled = Date.now();
      const holder = present(services[0]);
      holder.signal("SIGTERM");
      expect(await holder.exited()).to.equal(0);
      await world.ca.reaches(2, "session");
      await world.ca.reaches(world.ca.count("effect") + 120, "effect");
      await load.stop();
      const requests = await drained(api);
      api.close();
      expect(load.failures).to.deep.equal([]);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      expect([...new Set(requests.map(({ attempts }) => attempts))]).to.deep.equal([1]);
      expect(world.ca.count("arrival")).to.equal(requests.length);
      const moved = present(world.ca.of("session")[1]).t - signalled;
      expect(moved).to.be.within(0, MOVED_WITHIN_MS);
    });
  });
}
