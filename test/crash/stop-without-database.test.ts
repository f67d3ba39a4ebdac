import { expect } from "chai";
import { type Relay, startRelay } from "../support/relay.js";
import { DATABASES } from "../support/stores.js";
import { inTime } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`SIGTERM to a service whose ${database.title} has vanished without a word`, () => {
    const worlds = useWorlds(database);
    let relay: Relay | undefined;

    afterEach(() => relay?.close());

    /** A service that has lost its database with an answer of the CA system to be written. */
    async function withoutDatabase() {
      const world = await worlds.create({ simulator: { behaviour: { latencyMs: 300 } } });
      const url = new URL(world.databaseUrl);
      relay = await startRelay({ host: url.hostname, port: Number(url.port) });
      url.port = String(relay.port);
      const service = await world.spawn({
        DATABASE_URL: url.href,
        STOP_TIMEOUT_MS: 1000,
        LOG_LEVEL: "warn",
      });
      await service.api.create(0);
      await world.ca.reaches(1, "arrival");
      relay.vanish();
      await world.ca.reaches(1, "effect");
      return service;
    }

    it("once: ends seconds after the time that a stop may take, and says what did not end", async () => {
      const service = await withoutDatabase();
      service.signal("SIGTERM");
      expect(await inTime("the end", service.exited(), 15_000)).to.equal(0);
      const { msg, waits_for } = JSON.parse(service.log.trimEnd().split("\n").at(-1) ?? "");
      expect(msg).to.contain("not all ended in time");
      expect(waits_for).to.be.oneOf(["periodic tasks", "the dispatcher"]);
    });

    it("twice: ends at once", async () => {
      const service = await withoutDatabase();
      service.signal("SIGTERM");
      service.signal("SIGINT");
      expect(await inTime("the end", service.exited(), 5000)).to.equal(0);
      expect(service.log).to.contain("not all ended in time");
    });
  });
}
