import { expect } from "chai";
import { DATABASES } from "../support/stores.js";
import { eventually, present } from "../support/world/eventually.js";
import { CARDS, PROVIDER } from "../support/world/stock.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));
const WINDOW = 3;
const LATENCY_MS = 300;

describe("two instances with a connection each, on PostgreSQL", () => {
  const worlds = useWorlds(POSTGRES);

  const aSessionInEach = (world: World) =>
    eventually(
      "a session in each instance",
      () => world.operator.status(PROVIDER),
      ({ sessionSlots }) =>
        sessionSlots.every(({ state }) => state === "STATE_CONNECTED") &&
        new Set(sessionSlots.map(({ holder }) => holder)).size === 2,
    );

  it("share them as soon as the second has started, long before a heartbeat", async () => {
    const world = await worlds.create({ providers: [{ connection: { connections: 2 } }] });
    await world.start({ HEARTBEAT_MS: 60_000, LEASE_MS: 180_000 });
    await eventually(
      "both sessions in the first",
      async () => world.simulator.sessions,
      (sessions) => sessions === 2,
    );
    await world.spawn({ HEARTBEAT_MS: 60_000, LEASE_MS: 180_000 });
    await aSessionInEach(world);
  });

  it("have as much in hand as each can send, though all work comes to one of them", async () => {
    const world = await worlds.start({
      providers: [{ connection: { connections: 2, window: WINDOW } }],
      simulator: { behaviour: { latencyMs: LATENCY_MS } },
    });
    await world.spawn();
    await aSessionInEach(world);
    await Promise.all(Array.from({ length: CARDS }, (_, card) => world.api.create(card)));
    const { reader } = await world.database();
    const most = new Map<string, number>();
    await eventually(
      "the end of all",
      () =>
        reader.all<{ owner: string | null; heads: number }>(
          "SELECT owner, count(*) AS heads FROM lanes GROUP BY owner",
        ),
      (lanes) => {
        for (const { owner, heads } of lanes) {
          if (owner !== null) most.set(owner, Math.max(heads, most.get(owner) ?? 0));
        }
        return lanes.length === 0;
      },
    );
    expect(most).to.have.lengthOf(2);
    expect(Math.max(...most.values())).to.equal(WINDOW);
  });
});
