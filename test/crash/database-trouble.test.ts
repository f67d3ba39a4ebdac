import { expect } from "chai";
import { postgresServer } from "../support/postgres-server.js";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { eventually, present } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

/** Every insert into the table fails as on a full disk; what is returned makes room again. */
const noRoomFor = async (world: World, table: "requests" | "outcomes") =>
  refuseWrites(await world.database(), {
    event: "INSERT",
    table,
    text: "no space left on device",
    code: "53100",
  });

/** From now on the database takes no writes, or takes them again, in new and old connections. */
async function setReadOnly(world: World, readOnly: boolean): Promise<void> {
  const server = await postgresServer();
  const name = new URL(world.databaseUrl).pathname.slice(1);
  const { administration } = server;
  await server.query(
    administration,
    `ALTER DATABASE ${name} SET default_transaction_read_only = ${readOnly ? "on" : "off"}`,
  );
  await server.query(
    administration,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
}

/** From now on the database takes no connection, and has none; what is returned lets it again. */
async function refuseConnections(world: World): Promise<() => Promise<unknown>> {
  const { administration, query } = await postgresServer();
  const name = new URL(world.databaseUrl).pathname.slice(1);
  const allow = (yes: boolean) =>
    query(administration, `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${yes}`);
  await allow(false);
  await query(
    administration,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`,
  );
  return () => allow(true);
}

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`${database.title} in trouble`, () => {
    const worlds = useWorlds(database);

    it("full: creates are UNAVAILABLE and not stored, reads go on, and so does all when there is room", async () => {
      const world = await worlds.start();
      const makeRoom = await noRoomFor(world, "requests");
      expect(await failureOf(world.api.reauthorise(0))).to.include({
        code: "UNAVAILABLE",
        reason: "DATABASE_UNAVAILABLE",
      });
      expect(await world.api.all()).to.deep.equal([]);
      await makeRoom();
      await world.api.ended(await world.api.create(0));
      expect(world.ca.count("effect")).to.equal(1);
    });

    it("read-only: creates are UNAVAILABLE, reads go on, and so does all when it may be written", async () => {
      const world = await worlds.start();
      const first = await world.api.ended(await world.api.create(0));
      await setReadOnly(world, true);
      // The first ones find that their connections were ended.
      const refusal = async () => {
        const failure = await failureOf(world.api.create(0));
        expect(failure).to.include({ code: "UNAVAILABLE", reason: "DATABASE_UNAVAILABLE" });
      };
      for (let i = 0; i < 20; i += 1) await refusal();
      const seen = await eventually(
        "a read",
        () => world.api.all().catch(() => []),
        (all) => all.length > 0,
      );
      expect(seen.map(({ number }) => number)).to.deep.equal([first.number]);
      await setReadOnly(world, false);
      const next = await eventually(
        "a create",
        () => world.api.create(0).catch(() => undefined),
        (request) => request !== undefined,
      );
      await world.api.ended(present(next));
      expect(world.ca.count("effect")).to.equal(2);
    });

    it("refusing outcomes: what the CA system answered is kept until it is written", async () => {
      const world = await worlds.start();
      const makeRoom = await noRoomFor(world, "outcomes");
      const requests = await world.api.createInOrder(0, 0);
      await world.ca.reaches(1, "effect");
      await makeRoom();
      await world.api.allEnded(requests);
      expect(world.ca.count("arrival")).to.equal(2);
    });

    it("taking no connections: all of what the CA system answered is written when it does", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 1000 } } });
      const request = await world.api.create(0);
      await world.ca.reaches(1, "arrival");
      const allow = await refuseConnections(world);
      await eventually(
        "a result in vain",
        async () => world.log,
        (log) => /result.* (refused|not be written)/.test(log),
      );
      await allow();
      expect((await world.api.ended(request)).referenceNumber).to.not.equal("");
    });
  });
}
