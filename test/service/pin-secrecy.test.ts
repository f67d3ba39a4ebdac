import { expect } from "chai";
import type { Database } from "../../src/store/knex/database.js";
import { ProvisioningCalls, pinItem } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { show } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** A PIN, and nothing longer that happens to hold its digits, such as a date. */
const SECRET = "7391";
const TOLD = new RegExp(`(?<![0-9A-Za-z_-])${SECRET}(?![0-9A-Za-z_-])`);

/** Every row of every table. */
async function dump({ reader, dialect }: Database): Promise<string> {
  const tables = await reader.all<{ name: string }>(
    dialect.capabilities.manyInstances
      ? "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
      : "SELECT name FROM sqlite_master WHERE type = 'table'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    texts.push(`${name} ${show(await reader.all(`SELECT * FROM ${name}`))}`);
  }
  return texts.join("\n");
}

for (const database of ONE_OF_EACH) {
  describe(`PINs on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("are in no table, list, answer or log: not waiting, not tried, not ended", async () => {
      const world = await worlds.start({
        simulator: { behaviour: { failRate: 1 } },
        providers: [{ limits: { max_attempts: 1000 } }],
      });
      const { api, simulator } = world;
      const calls = new ProvisioningCalls(world);
      const tables = await world.database();
      const open = async () => {
        const [row] = await tables.reader.all<{ n: number }>("SELECT count(*) AS n FROM waiting");
        return row?.n;
      };
      const seen: string[] = [];
      const look = async () => {
        seen.push(await dump(tables), show(await api.list({ view: "VIEW_FULL" as never })));
        seen.push(show(await calls.lanes()), world.story());
      };

      const request = await calls.setPin(0, SECRET, { scheduled: Date.now() + 3_600_000 });
      const tried = await calls.setPin(1, SECRET);
      seen.push(show(request), show(tried));
      seen.push(show(await calls.batchCreate([pinItem(2, SECRET), pinItem("bare", SECRET)])));
      await api.until(tried, "an error", ({ lastError }) => lastError !== "");
      const sealed = await tables.reader.all<{ pin: string }>("SELECT pin FROM waiting");
      expect(sealed).to.have.lengthOf(3);
      for (const { pin } of sealed) expect(pin).to.match(/^v1\./);
      await look();

      simulator.change({ failRate: 0, rejectRate: 1 });
      const ended = await api.ended(tried);
      await api.cancel(request.number);
      seen.push(show(await calls.retry(ended, { newPin: SECRET })));
      seen.push(show(await failureOf(calls.retry(ended, { newPin: `${SECRET}0` }))));
      for (const one of await api.all()) seen.push(show(await api.ended(one)));
      await look();

      expect(await open()).to.equal(0);
      for (const text of seen) expect(text).not.to.match(TOLD);
    });
  });
}
