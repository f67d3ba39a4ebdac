import { expect } from "chai";
import { DATABASES } from "../support/stores.js";
import { NEVER } from "../support/world/environment.js";
import { eventually, present } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));
const QUIET = { name: "default", cron: NEVER, wake: false };
/** Long enough to see a run that is under way. */
const LATENCY_MS = 500;

describe("runs of two instances on PostgreSQL, one of which has the only session", () => {
  const worlds = useWorlds(POSTGRES);

  async function two(runDefinition: Readonly<Record<string, unknown>>) {
    const world = await worlds.start({
      runDefinitions: [runDefinition],
      simulator: { behaviour: { latencyMs: LATENCY_MS } },
    });
    const other = await world.spawn();
    // Each knows of the other, and tells it of runs.
    await eventually(
      "two instances",
      async () => (await world.database()).reader.all("SELECT id FROM incarnations"),
      (rows) => rows.length === 2,
    );
    return { world, api: world.api, ca: world.ca, other };
  }

  it("MANUAL: are over once, when all is sent, though started where no session is", async () => {
    const { api, other } = await two(QUIET);
    await api.createInOrder(0, 1, 2);
    const { id } = await other.api.startRun();
    const seen = new Set<string>();
    await eventually(
      "the run's end",
      async () => {
        const { state, selected, completed } = await api.run(id);
        if (state !== "STATE_ACTIVE") seen.add(`${state} ${selected} ${completed}`);
        return completed;
      },
      (completed) => completed === 3n,
    );
    await eventually(
      "it to be written",
      () => api.run(id),
      ({ state }) => state !== "STATE_ACTIVE",
    );
    expect([...seen].filter((text) => text !== "STATE_COMPLETED 3 3")).to.deep.equal([]);
  });

  it("MANUAL: go on when the instance that started them stops", async () => {
    const { api, ca, other } = await two(QUIET);
    const requests = await api.createInOrder(0, 0, 0);
    const { id } = await other.api.startRun();
    await ca.reaches(1, "arrival");
    other.signal("SIGTERM");
    await other.exited();
    expect((await api.run(id)).state).not.to.equal("STATE_INTERRUPTED");
    await api.allEnded(requests);
    const run = await eventually(
      "the run's end",
      () => api.run(id),
      ({ state }) => state !== "STATE_ACTIVE",
    );
    expect(run).to.include({ state: "STATE_COMPLETED", selected: 3n, completed: 3n });
  });

  it("MANUAL: are over at once where nobody has anything to send", async () => {
    const { world, api, other } = await two(QUIET);
    await world.caDown();
    await eventually(
      "no session",
      async () => (await world.database()).reader.all("SELECT state FROM session_slots"),
      (slots) => slots.every(({ state }) => state !== "OPEN"),
    );
    await api.create(0);
    const { id } = await other.api.startRun();
    const run = await eventually(
      "the run's end",
      () => api.run(id),
      ({ state }) => state !== "STATE_ACTIVE",
    );
    expect(run).to.include({ state: "STATE_COMPLETED", selected: 0n });
  });
});
