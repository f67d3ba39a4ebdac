import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import { failureOf } from "../support/rpc-client.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

/** Each outcome takes some tens of milliseconds longer to write. */
async function slowDown(world: World): Promise<void> {
  const database = await world.database();
  const postgres = database.dialect.capabilities.manyInstances;
  await database.write("create", async (tx) => {
    if (postgres) {
      await tx.all(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$`);
      await tx.all(`CREATE TRIGGER slow BEFORE INSERT ON outcomes
        FOR EACH ROW EXECUTE FUNCTION slow()`);
    } else {
      await tx.all(`CREATE TRIGGER slow BEFORE INSERT ON outcomes BEGIN
        SELECT (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100000)
          SELECT count(*) FROM c); END`);
    }
  });
}

/** Keeps everybody from writing; the lock is held when it resolves, and until its result is called. */
async function lock(world: World): Promise<() => Promise<void>> {
  const database = await world.database();
  const postgres = database.dialect.capabilities.manyInstances;
  let unlock: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    unlock = resolve;
  });
  let over = Promise.resolve();
  await new Promise<void>((held, failed) => {
    over = database.write("create", async (tx) => {
      if (postgres) {
        // The server would end the lock of a transaction that stands idle.
        await tx.all("SET LOCAL idle_in_transaction_session_timeout = 0");
        await tx.all("LOCK TABLE requests IN ACCESS EXCLUSIVE MODE");
      } else {
        // The transaction has begun, and with it the lock, once a statement of it was answered.
        await tx.all("SELECT 1");
      }
      held();
      await until;
    });
    over.catch(failed);
  });
  return () => {
    unlock();
    return over;
  };
}

for (const database of ONE_OF_EACH) {
  describe(`${database.title} in somebody else's hands`, function () {
    this.timeout(120_000);
    const worlds = useWorlds(database);

    it("locked: nothing is acknowledged or lost, and all goes on after it", async () => {
      const world = await worlds.create({ caUp: false });
      const { api } = await world.spawn();
      const before = await api.createInOrder(0, 1, 0);
      const unlock = await lock(world);
      await world.caUp();
      const requestId = randomUUID();
      const inVain = api.create(0, { requestId }, { deadlineMs: 1000 });
      expect((await failureOf(inVain)).code).to.equal("DEADLINE_EXCEEDED");
      expect(world.ca.count("arrival")).to.equal(0);
      await unlock();
      const repeated = await api.create(0, { requestId });
      const after = await api.createInOrder(1, 0);
      await api.allEnded([...before, repeated, ...after]);
      const requests = await drained(api);
      expect(requests).to.have.length(before.length + 1 + after.length);
      expect(world.ca.count("arrival")).to.equal(requests.length);
      expect(world.ca.count("effect")).to.equal(requests.length);
    });

    it("slow: nothing is lost, doubled, overtaken or sent twice", async () => {
      const world = await worlds.create({ simulator: { behaviour: { latencyMs: 2 } } });
      const { api } = await world.spawn();
      await slowDown(world);
      const load = new Load({
        api: () => api,
        seed: 9,
        cards: 6,
        callers: 5,
        room: () =>
          world.ca.until("room", () => load.orders.length - world.ca.count("effect") < 20),
      });
      load.start();
      await world.ca.reaches(60, "effect");
      await load.stop();
      const requests = await drained(api);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      expect(world.ca.count("arrival")).to.equal(requests.length);
      expect(load.failures).to.deep.equal([]);
    });
  });
}
