import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { eventually } from "../support/world/eventually.js";
import { useCaSystems } from "../support/world/second-ca.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** Within about this time nothing more is sent to a provider that was put to NOT_EFFECTIVE. */
const SOON_MS = 1000;

for (const database of ONE_OF_EACH) {
  describe(`a provider changed by call while the service runs, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    const startCa = useCaSystems();

    /** A service whose one provider was created by call. */
    async function served(connection: Readonly<Record<string, string | number>>, limits = {}) {
      const world = await worlds.start({ providers: [] });
      await world.operator.createProvider({
        name: PROVIDER,
        protocol: "nds",
        connection: { ...connection },
        limits: {
          ratePerSecond: undefined,
          burst: undefined,
          maxInFlight: undefined,
          maxAttempts: undefined,
          ...limits,
        },
      });
      await world.connected();
      return world;
    }

    it("created: its sessions open, and its cards can be provisioned at once", async () => {
      const { ca, connection } = await startCa();
      const { api, operator } = await worlds.start({ providers: [] });
      expect((await failureOf(api.reauthorise(0))).reason).to.equal("PROVIDER_NOT_EFFECTIVE");
      await operator.createProvider({
        name: PROVIDER,
        protocol: "nds",
        connection: { ...connection },
      });
      const request = await api.create(0);
      expect(await api.ended(request)).to.include({ lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED" });
      expect(ca.count("session")).to.equal(1);
    });

    it("limits: more is sent at once, on the session that there is", async () => {
      const { ca, connection } = await startCa({ behaviour: { latencyMs: 60_000 } });
      const { api, operator } = await served(connection, { maxInFlight: 1 });
      await api.createInOrder(0, 1, 2, 3);
      await ca.reaches(1, "arrival");
      expect((await operator.status(PROVIDER)).inFlight).to.equal(1n);
      await operator.updateProvider(PROVIDER, {
        mask: ["limits.max_in_flight"],
        limits: {
          ratePerSecond: undefined,
          burst: undefined,
          maxInFlight: 3,
          maxAttempts: undefined,
        },
      });
      await ca.reaches(3, "arrival");
      const { inFlight, sessionSlots } = await operator.status(PROVIDER);
      expect(inFlight).to.equal(3n);
      expect(sessionSlots[0]?.epoch).to.equal(1n);
      expect(ca.count("session")).to.equal(1);
    });

    it("the window: sessions are opened anew, with the next epoch", async () => {
      const { ca, connection } = await startCa({ behaviour: { latencyMs: 100 } });
      const { api, operator } = await served({ ...connection, window: 1 });
      const requests = await api.createInOrder(0, 1, 2, 3, 4, 5);
      await ca.reaches(1, "arrival");
      await operator.updateProvider(PROVIDER, {
        mask: ["connection.window", "connection.connections"],
        connection: { window: 5, connections: 2 },
      });
      await api.allEnded(requests);
      expect(ca.count("effect")).to.equal(6);
      expect(ca.count("arrival")).to.equal(6);
      expect(ca.count("session")).to.equal(3);
      const { sessionSlots } = await operator.status(PROVIDER);
      expect(sessionSlots.map(({ slot, epoch }) => [slot, epoch])).to.deep.equal([
        [0, 2n],
        [1, 1n],
      ]);
    });

    it("commands: creates of others are refused as soon as the call has answered", async () => {
      const { connection } = await startCa();
      const { api, operator } = await served(connection);
      await api.ended(await api.create(0));
      await operator.updateProvider(PROVIDER, { mask: ["commands"], commands: { types: [] } });
      expect((await failureOf(api.reauthorise(0))).reason).to.equal("COMMAND_NOT_SUPPORTED");
      await operator.updateProvider(PROVIDER, { mask: ["commands"] });
      await api.ended(await api.create(0));
    });

    it("NOT_EFFECTIVE under load: nothing more is sent, nothing is lost, and it goes on later", async () => {
      const { simulator, ca, connection } = await startCa({ behaviour: { latencyMs: 10 } });
      const { api, operator } = await served({ ...connection, window: 3 });
      const arrivals: number[] = [];
      simulator.onJournal(({ ev }) => {
        if (ev === "arrival") arrivals.push(performance.now());
      });
      const requests = await Promise.all(Array.from({ length: 120 }, (_, i) => api.create(i % 24)));
      await ca.reaches(10, "effect");
      const asked = performance.now();
      await operator.setProvider(PROVIDER, "NOT_EFFECTIVE", { reason: "maintenance" });
      expect((await failureOf(api.reauthorise(0))).reason).to.equal("PROVIDER_NOT_EFFECTIVE");
      await eventually(
        "slots that nobody holds",
        () => operator.status(PROVIDER),
        ({ sessionSlots }) => sessionSlots.every(({ state }) => state === "STATE_FREE"),
      );
      expect((arrivals.at(-1) ?? 0) - asked).to.be.below(SOON_MS);
      // What was answered by then counts; what was not sent waits for the provider.
      const now = await api.all();
      const open = now.filter(
        ({ lifeCycleState }) => lifeCycleState !== "LIFE_CYCLE_STATE_COMPLETED",
      );
      expect(open.length).to.be.greaterThan(0);
      expect(now.length - open.length).to.equal(ca.count("effect"));
      expect(new Set(open.map(({ lifeCycleState }) => lifeCycleState))).to.deep.equal(
        new Set(["LIFE_CYCLE_STATE_PENDING"]),
      );
      await operator.setProvider(PROVIDER, "EFFECTIVE");
      await api.allEnded(requests);
      expect(ca.count("effect")).to.equal(120);
      expect(ca.count("arrival")).to.equal(120);
    });

    it("back and forth: it is in the end as it was said last", async () => {
      const { ca, connection } = await startCa({ behaviour: { latencyMs: 50 } });
      const { api, operator } = await served(connection);
      const request = await api.create(0);
      await ca.reaches(1, "arrival");
      for (const state of ["NOT_EFFECTIVE", "EFFECTIVE", "NOT_EFFECTIVE", "EFFECTIVE"] as const) {
        await operator.setProvider(PROVIDER, state);
      }
      await api.ended(request);
      await api.ended(await api.create(0));
      expect(ca.count("effect")).to.equal(2);
      expect(ca.count("arrival")).to.equal(2);
      expect((await operator.provider(PROVIDER)).version).to.equal(5n);
    });
  });
}
