import { expect } from "chai";
import pg from "pg";
import { DATABASES } from "../support/stores.js";
import type { timestamp } from "../support/world/api.js";
import { present } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));

/** Long: what is late finds nobody to look for it within the test. */
const SETTINGS = { HEARTBEAT_MS: 10_000, LEASE_MS: 30_000 };
const WEEK_MS = 604_800_000;

const msOf = (date: ReturnType<typeof timestamp>) => {
  const { seconds, nanos } = present(date);
  return Number(seconds) * 1000 + nanos / 1_000_000;
};

describe("work that one of two instances finds and the other has the session for", () => {
  const worlds = useWorlds(POSTGRES);

  /** The instance in this process has the only session. */
  async function two() {
    const world = await worlds.start({ settings: SETTINGS });
    const other = await world.spawn();
    return { world, api: world.api, other: other.api };
  }

  it("is sent within a second of its date, though it was scheduled where no session is", async () => {
    const { api, other } = await two();
    for (const card of [0, 1, 2]) {
      const due = Date.now() + 1000;
      const { executedDate } = await api.ended(await other.create(card, { scheduled: due }));
      expect(msOf(executedDate) - due).to.be.below(1000);
    }
  });

  it("is told of when it is due soon, and not by the thousand for next week", async () => {
    const { world, api, other } = await two();
    const listener = new pg.Client({ connectionString: world.databaseUrl });
    const heard: string[] = [];
    listener.on("notification", ({ payload }) => {
      const { notice } = JSON.parse(payload ?? "{}") as { notice: { kind: string } };
      heard.push(notice.kind);
    });
    await listener.connect();
    try {
      await listener.query("LISTEN provisioning");
      for (let i = 0; i < 20; i += 1) await other.create(i, { scheduled: Date.now() + WEEK_MS });
      await api.ended(await other.create(20, { scheduled: Date.now() + 500 }));
      expect(heard).to.deep.equal(["work"]);
    } finally {
      await listener.end();
    }
  });
});
