import { expect } from "chai";
import { drained } from "../support/crash/audit.js";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { useWorlds } from "../support/world/worlds.js";

/** Blocks of 512 bytes: more than the database has at first, less than its log will want. */
const ROOM = 1200;

for (const database of DATABASES.filter(({ title }) => title.includes("SQLite"))) {
  describe(`${database.title} without room for more`, () => {
    const worlds = useWorlds(database);

    it("refuses creates as UNAVAILABLE, keeps what it acknowledged, and goes on with room", async () => {
      const world = await worlds.create({ caUp: false });
      const full = await world.spawn({}, { fileBlocks: ROOM });
      const acknowledged: bigint[] = [];
      const refusal = async () => {
        for (;;) acknowledged.push((await full.api.create(acknowledged.length % 20)).number);
      };
      expect(await failureOf(refusal())).to.include({
        code: "UNAVAILABLE",
        reason: "DATABASE_UNAVAILABLE",
      });
      expect(acknowledged).not.to.deep.equal([]);
      expect(full.running).to.equal(true);
      await full.kill();
      await world.caUp();
      const { api } = await world.spawn();
      const requests = await drained(api);
      expect(requests.map(({ number }) => number)).to.deep.equal(acknowledged);
      expect(world.ca.count("effect")).to.equal(acknowledged.length);
    });
  });
}
