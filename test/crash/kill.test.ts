import { expect } from "chai";
import { drained } from "../support/crash/audit.js";
import { Round } from "../support/crash/round.js";
import { caIdOf } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** PostgreSQL frees what a killed process held when its lease is over. */
const SHORT_LEASE = { LEASE_MS: 500, HEARTBEAT_MS: 125 };
/** A few of what `npm run test:crash` does at length. */
const ROUNDS = [
  { title: "with cuts inside of answers", seed: 1, kills: 6, noisy: true },
  { title: "the CA system forgetting transactions", seed: 2, kills: 4, forgetful: true },
];
const COMPLETED = "LIFE_CYCLE_STATE_COMPLETED";

for (const database of ONE_OF_EACH) {
  describe(`SIGKILL on ${database.title}`, function () {
    this.timeout(180_000);
    const worlds = useWorlds(database);

    it("between acknowledgement and sending: each request is sent once, in order", async () => {
      const world = await worlds.create({ caUp: false, settings: SHORT_LEASE });
      const killed = await world.spawn();
      const cards = [0, 1, 0, 2, 0, 1];
      const requests = await killed.api.createInOrder(...cards);
      await killed.kill();
      await world.caUp();
      const { api } = await world.spawn();
      const ended = await api.allEnded(requests);
      expect(ended.map((request) => request.lifeCycleState)).to.deep.equal(
        cards.map(() => COMPLETED),
      );
      expect(world.ca.count("arrival")).to.equal(cards.length);
      for (const card of new Set(cards)) {
        const ofCard = (i: number) => cards[i] === card;
        expect(
          world.ca
            .of("effect")
            .filter((entry) => entry.card === caIdOf(card))
            .map(({ txn }) => txn),
        ).to.deep.equal(
          ended.filter((_, i) => ofCard(i)).map((request) => Number(request.transactionNumber)),
        );
      }
    });

    for (const [point, event] of [
      ["while the CA system works on it", "arrival"],
      ["when it has its effect and the answer is on its way", "effect"],
    ] as const) {
      it(`${point}: it is sent again under its number, to one effect`, async () => {
        const world = await worlds.create({
          settings: SHORT_LEASE,
          simulator: { behaviour: { latencyMs: 30 } },
        });
        const killed = await world.spawn();
        world.ca.atNext(event, () => killed.signal("SIGKILL"));
        // The CA system may have it before its caller is told that it is stored.
        const told = killed.api.create(0).catch(() => undefined);
        await killed.exited();
        await told;
        const { api } = await world.spawn();
        const [ended] = await drained(api);
        expect(ended).to.include({ lifeCycleState: COMPLETED, transactionNumber: 1n, attempts: 1 });
        expect(new Set(world.ca.of("arrival").map(({ txn }) => txn))).to.deep.equal(new Set([1]));
        expect(world.ca.count("arrival")).to.equal(2);
        expect(world.ca.count("effect")).to.equal(1);
      });
    }

    for (const { title, ...plan } of ROUNDS) {
      it(`${plan.kills} times under load, ${title}: nothing is lost or overtaken`, async () => {
        const round = await Round.play({ ...plan, instances: 1 }, worlds.create);
        expect(round.faults).to.deep.equal([]);
        expect(round.load.orders.length).to.be.above(plan.kills);
      });
    }
  });
}
