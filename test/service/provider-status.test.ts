import { expect } from "chai";
import { eventually } from "../support/world/eventually.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`how providers stand, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("tell how they stand: sessions, what is in hand, the rate, and why there is no session", async () => {
      const world = await worlds.start({
        providers: [
          {
            connection: { connections: 2, window: 4 },
            limits: { rate_per_second: 0.001, burst: 5 },
          },
        ],
        simulator: { behaviour: { latencyMs: 60_000 } },
      });
      const { operator, api, ca } = world;
      await api.createInOrder(0, 1, 2);
      await ca.reaches(3, "arrival");
      const status = await operator.status(PROVIDER);
      expect(status.sessionSlots).to.have.lengthOf(2);
      for (const [i, slot] of status.sessionSlots.entries()) {
        expect(slot).to.deep.include({
          slot: i,
          state: "STATE_CONNECTED",
          holderDescription: `process ${process.pid}`,
          epoch: 1n,
          lastError: "",
        });
        expect(slot.holder).to.match(/^[0-9a-f-]{36}$/);
        expect(Number(slot.sinceDate?.seconds) * 1000).to.be.closeTo(Date.now(), 60_000);
      }
      expect(status).to.deep.include({ inFlight: 3n, pausedUntilDate: undefined, fault: "" });
      expect(status.tokens).to.be.within(2, 2.5);
      await world.caDown();
      const down = await eventually(
        "the reason why there is no session",
        () => operator.status(PROVIDER),
        ({ sessionSlots }) =>
          sessionSlots.every(
            ({ state, lastError }) => state !== "STATE_CONNECTED" && lastError !== "",
          ),
      );
      expect(down.sessionSlots[0]?.state).to.equal("STATE_DISCONNECTED");
      await operator.setProvider(PROVIDER, "NOT_EFFECTIVE");
      const left = await eventually(
        "slots that nobody holds",
        () => operator.status(PROVIDER),
        ({ sessionSlots }) => sessionSlots.every(({ state }) => state === "STATE_FREE"),
      );
      expect(left).to.include({ inFlight: 0n });
      expect(left.sessionSlots[0]).to.include({ holder: "", lastError: "" });
    });

    it("tell how fast they are answered, and until when they pause", async () => {
      const world = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 10_000 } },
      });
      await world.api.createInOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      const status = await eventually(
        "a measured rate, and a pause",
        () => world.operator.status(PROVIDER),
        (now) => (now.answersPerSecond ?? 0) > 0 && now.pausedUntilDate !== undefined,
      );
      expect(status.sessionSlots[0]?.answersPerSecond).to.equal(status.answersPerSecond);
      expect(Number(status.pausedUntilDate?.seconds) * 1000).to.be.greaterThan(Date.now());
    });
  });
}
