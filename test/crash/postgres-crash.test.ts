import { expect } from "chai";
import { drained } from "../support/crash/audit.js";
import { Round } from "../support/crash/round.js";
import { postgresServer } from "../support/postgres-server.js";
import { DATABASES } from "../support/stores.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`${database.title} that is killed`, function () {
    this.timeout(120_000);
    const worlds = useWorlds(database);

    for (const point of ["arrival", "effect"] as const) {
      it(`at the ${point} of a command: it is sent once, and its answer is kept`, async () => {
        const world = await worlds.create({ simulator: { behaviour: { latencyMs: 30 } } });
        const { api } = await world.spawn();
        await world.ca.reaches(1, "session");
        const kill = await (await postgresServer()).aim("checkpointer");
        let recovered = Promise.resolve();
        world.ca.atNext(point, () => {
          recovered = kill();
        });
        await api.create(0).catch(() => undefined);
        await world.ca.reaches(1, "effect");
        await recovered;
        // Its acknowledgement may have been lost; but what was sent is stored.
        const [ended] = await drained(api);
        expect(ended).to.include({
          lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
          transactionNumber: 1n,
          attempts: 1,
        });
        expect(world.ca.count("arrival")).to.equal(1);
      });
    }

    it("under load, and comes back: every request ends, and the services go on", async () => {
      const plan = { seed: 2, kills: 3, instances: 2, victim: "postgres" } as const;
      const { faults, strikes, load } = await Round.play(plan, worlds.create);
      expect(faults).to.deep.equal([]);
      // By itself from its log, and started again.
      expect(new Set(strikes.map(({ place }) => place))).to.deep.equal(
        new Set(["checkpointer", "postmaster"]),
      );
      expect(load.orders.length).to.be.above(plan.kills);
    });
  });
}
