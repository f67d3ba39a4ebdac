import { expect } from "chai";
import { Round } from "../support/crash/round.js";
import { DATABASES } from "../support/stores.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`${database.title} that is killed`, function () {
    this.timeout(120_000);
    const worlds = useWorlds(database);

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
