import { expect } from "chai";
import { isDatabaseDown } from "../../../src/store/database-error.js";
import { openPostgres } from "../../../src/store/postgres/postgres-database.js";
import { postgresServer } from "../../support/postgres-server.js";
import { startRelay } from "../../support/relay.js";

describe("a connection to PostgreSQL that cannot be had", () => {
  it("is a failure of the database as a whole, though its host says nothing", async () => {
    const url = new URL(await (await postgresServer()).createDatabase());
    const relay = await startRelay({ host: url.hostname, port: Number(url.port) });
    url.port = String(relay.port);
    const database = await openPostgres({ url: url.href });
    try {
      relay.vanish();
      const failures = await Promise.all([
        database.write("dispatch", (tx) => tx.all("SELECT 1 AS ok")).catch((error) => error),
        database.reader.all("SELECT 1 AS ok").catch((error) => error),
      ]);
      for (const failure of failures) expect(isDatabaseDown(failure), failure).to.equal(true);
    } finally {
      await database.close();
      await relay.close();
    }
  });
});
