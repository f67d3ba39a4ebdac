import { expect } from "chai";
import { seededRandom } from "../../src/simulator/random.js";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import type { ChildService } from "../support/world/child-service.js";
import { caIdOf } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** PostgreSQL frees what a killed process held when its lease is over. */
const SHORT_LEASE = { LEASE_MS: 800, HEARTBEAT_MS: 200 };
const KILLS = 10;
const COMPLETED = "LIFE_CYCLE_STATE_COMPLETED";

for (const database of ONE_OF_EACH) {
  describe(`SIGKILL on ${database.title}`, function () {
    this.timeout(90_000);
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

    it(`${KILLS} times under load: nothing is lost, doubled or overtaken`, async () => {
      const world = await worlds.create({
        settings: SHORT_LEASE,
        simulator: {
          seed: 1,
          behaviour: { latencyMs: 2, failRate: 0.02, busyRate: 0.02, busyRetryAfterMs: 10 },
        },
        providers: [{ limits: { max_attempts: 1000 } }],
      });
      let service = await world.spawn();
      const load = new Load({ api: () => service.api, seed: 2, cards: 6, callers: 5 });
      const random = seededRandom(3);
      load.start();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await killedAt(random, service, world.ca, load);
        service = await world.spawn();
      }
      await load.stop();
      const requests = await drained(service.api);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      expect(requests.length).to.be.above(KILLS * 5);
    });
  });
}

/** Kills the service in the moment of something that happens soon. */
async function killedAt(
  random: () => number,
  service: ChildService,
  ca: { atNext(event: "arrival" | "effect", act: () => void, count?: number): void },
  load: Load,
): Promise<void> {
  const kill = () => service.signal("SIGKILL");
  const count = 1 + Math.floor(random() * 40);
  const dice = random();
  if (dice < 0.4) load.atNext(count, kill);
  else if (dice < 0.7) ca.atNext("arrival", kill, count);
  else ca.atNext("effect", kill, count);
  await service.exited();
}
