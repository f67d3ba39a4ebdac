import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { type Relay, startRelay } from "../support/relay.js";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { eventually, present } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

/** How long a statement may go unanswered here. */
const QUERY_TIMEOUT_MS = 1500;

for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`${database.title} whose host vanishes without a word`, function () {
    this.timeout(60_000);
    const worlds = useWorlds(database);
    let relay: Relay | undefined;

    afterEach(() => relay?.close());

    it("holds up no call for longer than a statement may take, and all goes on when it is back", async () => {
      const world = await worlds.create();
      const url = new URL(world.databaseUrl);
      relay = await startRelay({ host: url.hostname, port: Number(url.port) });
      url.port = String(relay.port);
      url.searchParams.set("query_timeout", String(QUERY_TIMEOUT_MS));
      const api = await world.start({ DATABASE_URL: url.href });
      await api.ended(await api.create(0));

      relay.vanish();
      const requestId = randomUUID();
      const inVain = api.create(1, { requestId }, { deadlineMs: 30_000 });
      expect(await failureOf(inVain)).to.include({
        code: "UNAVAILABLE",
        reason: "DATABASE_UNAVAILABLE",
      });

      relay.comeBack();
      const request = await eventually(
        "the database again",
        () => api.create(1, { requestId }).catch(() => undefined),
        (created) => created !== undefined,
      );
      await api.ended(present(request));
      expect(world.ca.count("effect")).to.equal(2);
    });
  });
}
