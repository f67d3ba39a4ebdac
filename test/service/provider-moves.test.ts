import { expect } from "chai";
import type { JournalEntry } from "../../src/simulator/journal.js";
import type { Api } from "../support/world/api.js";
import { eventually } from "../support/world/eventually.js";
import { type SecondCa, useCaSystems } from "../support/world/second-ca.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** Requests keep coming while the provider moves. */
const CARDS = 12;
const BEFORE = 60;

const NO_PROVIDER = { providers: [] };
const TO_ANOTHER_ADDRESS = ["connection.host", "connection.port"];

const transactions = (entries: readonly JournalEntry[]) => entries.map(({ txn }) => txn ?? 0);

/** Creates requests one after the other until it is told to stop; how many there are by then. */
function load(api: Api) {
  let stopped = false;
  let made = 0;
  const done = (async () => {
    while (!stopped) {
      await api.create(made % CARDS);
      made += 1;
    }
  })();
  return {
    made: () => made,
    async stop() {
      stopped = true;
      await done;
      return made;
    },
  };
}

for (const database of ONE_OF_EACH) {
  describe(`a provider that moves to another address, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    const startCa = useCaSystems();

    async function moving(old: SecondCa, settings = {}) {
      const world = await worlds.start({ ...NO_PROVIDER, settings });
      await world.operator.createProvider({
        name: PROVIDER,
        protocol: "nds",
        connection: { ...old.connection },
      });
      await world.connected();
      return world;
    }

    it("under load: no request is lost, none is doubled, and no card's are out of order", async () => {
      const old = await startCa({ behaviour: { latencyMs: 5 } });
      const next = await startCa({ behaviour: { latencyMs: 5 } });
      const { api, operator } = await moving(old);
      const creating = load(api);
      await old.ca.reaches(BEFORE, "effect");
      await operator.updateProvider(PROVIDER, {
        mask: TO_ANOTHER_ADDRESS,
        connection: { ...next.connection },
      });
      await next.ca.reaches(BEFORE, "effect");
      const made = await creating.stop();
      const requests = await api.all();
      expect(requests).to.have.lengthOf(made);
      const ended = await api.allEnded(requests);
      expect(new Set(ended.map(({ lifeCycleState }) => lifeCycleState))).to.deep.equal(
        new Set(["LIFE_CYCLE_STATE_COMPLETED"]),
      );
      expect(ended.every(({ attempts }) => attempts === 1)).to.equal(true);

      // Each had one effect: where its answer came from.
      const there = transactions(old.ca.of("effect"));
      const here = transactions(next.ca.of("effect"));
      expect(new Set([...there, ...here]).size).to.equal(made);
      expect(there.length + here.length).to.equal(made);
      // Nothing that was answered at the old one ever arrived at the new one.
      const arrivedHere = new Set(transactions(next.ca.of("arrival")));
      expect(there.filter((txn) => arrivedHere.has(txn))).to.deep.equal([]);
      // A card's requests are numbered in their order: all of the old before all of the new.
      const last = new Map(old.ca.of("effect").map(({ card, txn }) => [card, txn ?? 0]));
      for (const { card, txn } of next.ca.of("effect")) {
        expect(txn).to.be.greaterThan(last.get(card) ?? 0);
        last.set(card, txn ?? 0);
      }
      expect(old.simulator.sessions).to.equal(0);
    });

    it("with answers outstanding: they are awaited, and nothing unsent waits with them", async () => {
      const old = await startCa({ behaviour: { latencyMs: 400 } });
      const next = await startCa();
      const { api, operator } = await moving(old);
      const slow = await api.createInOrder(0, 1, 0);
      await old.ca.reaches(2, "arrival");
      await operator.updateProvider(PROVIDER, {
        mask: TO_ANOTHER_ADDRESS,
        connection: { ...next.connection },
      });
      const ended = await api.allEnded(slow);
      expect(ended.map(({ referenceNumber }) => referenceNumber)).to.deep.equal([
        "R7-1",
        "R7-2",
        "R7-3",
      ]);
      expect(transactions(old.ca.of("effect"))).to.deep.equal([1, 2]);
      expect(transactions(next.ca.of("arrival"))).to.deep.equal([3]);
    });

    it("without an answer in time: sent again to the new one, under the same number", async () => {
      const old = await startCa({ behaviour: { latencyMs: 60_000 } });
      const next = await startCa();
      const { api, operator } = await moving(old, { STOP_TIMEOUT_MS: 200 });
      const requests = await api.createInOrder(0, 1);
      await old.ca.reaches(2, "arrival");
      await operator.updateProvider(PROVIDER, {
        mask: TO_ANOTHER_ADDRESS,
        connection: { ...next.connection },
      });
      const ended = await api.allEnded(requests);
      for (const request of ended) {
        expect(request).to.include({ lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED", attempts: 1 });
      }
      expect(transactions(next.ca.of("effect")).sort()).to.deep.equal(
        transactions(old.ca.of("arrival")).sort(),
      );
    });

    it("to one that remembers higher numbers: starts past them", async () => {
      const old = await startCa();
      const next = await startCa();
      const { api, operator } = await moving(next);
      await api.allEnded(await api.createInOrder(0, 1, 2));
      // Another database spoke to the old one as well: its numbers start again.
      const move = (to: SecondCa) =>
        operator.updateProvider(PROVIDER, {
          mask: TO_ANOTHER_ADDRESS,
          connection: { ...to.connection },
        });
      await move(old);
      await old.ca.reaches(1, "session");
      await move(next);
      await next.ca.reaches(2, "session");
      const request = await api.ended(await api.create(3));
      expect(request).to.include({ transactionNumber: 4n, attempts: 1 });
      expect(next.ca.count("conflict")).to.equal(0);
    });

    it("to a wrong address and back: what is stored waits, says why, and is sent", async () => {
      const old = await startCa();
      const { api, operator } = await moving(old);
      await operator.updateProvider(PROVIDER, {
        mask: ["connection.password", "connection.port"],
        connection: { port: 1, password: "wrong" },
      });
      await eventually(
        "the end of the old session",
        async () => old.simulator.sessions,
        (sessions) => sessions === 0,
      );
      const request = await api.create(0);
      await api.until(
        request,
        "the reason why it waits",
        ({ waitingFor, lastError }) =>
          waitingFor === "WAITING_FOR_PROVIDER_UNAVAILABLE" && lastError !== "",
      );
      await operator.updateProvider(PROVIDER, {
        mask: ["connection.password", "connection.port"],
        connection: { ...old.connection },
      });
      expect(await api.ended(request)).to.include({ transactionNumber: 1n, attempts: 1 });
    });
  });
}
