import { expect } from "chai";
import pg from "pg";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import { postgresServer } from "../support/postgres-server.js";
import { DATABASES } from "../support/stores.js";
import { eventually } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`${database.title} that crashes and recovers`, function () {
    this.timeout(60_000);
    const worlds = useWorlds(database);

    it("under load: nothing is lost, doubled or overtaken, and the service goes on", async () => {
      const world = await worlds.create({
        settings: { LEASE_MS: 5000, HEARTBEAT_MS: 500 },
        simulator: { behaviour: { latencyMs: 3 } },
      });
      const service = await world.spawn();
      const load = new Load({ api: () => service.api, seed: 6, cards: 6, callers: 5 });
      load.start();
      for (let crash = 0; crash < 2; crash += 1) {
        await world.ca.reaches(world.ca.count("effect") + 40, "effect");
        await crashServer(world.databaseUrl);
      }
      await world.ca.reaches(world.ca.count("effect") + 40, "effect");
      await load.stop();
      const requests = await drained(service.api);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      expect(service.running).to.equal(true);
    });
  });
}

/** Kills one of the server's processes: it ends all others, and recovers from its log. */
async function crashServer(url: string): Promise<void> {
  const server = await postgresServer();
  const [row] = await server.query(
    url,
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'ca-provisioning' LIMIT 1",
  );
  process.kill(Number(row?.pid), "SIGKILL");
  await eventually(
    "the server's recovery",
    () => answers(url),
    (yes) => yes,
  );
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // It may be cut off at any moment.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("SELECT 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
