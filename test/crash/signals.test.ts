import { expect } from "chai";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import { inTime } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`SIGTERM on ${database.title}`, function () {
    this.timeout(60_000);
    const worlds = useWorlds(database);

    it("under load: ends with 0, loses nothing and sends nothing twice", async () => {
      const world = await worlds.create({ simulator: { behaviour: { latencyMs: 5 } } });
      let service = await world.spawn();
      const load = new Load({ api: () => service.api, seed: 4, cards: 6, callers: 5 });
      load.start();
      for (const signal of ["SIGTERM", "SIGINT"] as const) {
        const stopping = service;
        await world.ca.reaches(world.ca.count("effect") + 40, "effect");
        stopping.signal(signal);
        expect(await stopping.exited()).to.equal(0);
        expect(world.simulator.sessions).to.equal(0);
        service = await world.spawn();
      }
      await load.stop();
      const requests = await drained(service.api);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      expect(world.ca.count("arrival")).to.equal(requests.length);
    });

    it("once: waits for the answer under way; twice: stops at once, and nothing is lost", async () => {
      const world = await worlds.create({ simulator: { behaviour: { latencyMs: 60_000 } } });
      const service = await world.spawn();
      const request = await service.api.create(0);
      await world.ca.reaches(1, "arrival");
      const watch = service.api.watchHealth();
      service.signal("SIGTERM");
      await watch.ended;
      expect(service.running).to.equal(true);
      service.signal("SIGTERM");
      expect(await inTime("the end", service.exited(), 5000)).to.equal(0);
      await world.caDown();
      world.simulator.change({ latencyMs: 0 });
      await world.caUp();
      const { api } = await world.spawn();
      expect((await api.ended(request)).transactionNumber).to.equal(1n);
      expect(world.ca.count("effect")).to.equal(1);
    });
  });
}
