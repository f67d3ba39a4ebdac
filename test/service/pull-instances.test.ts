import { expect } from "chai";
import { acceptedAnswer, PullCalls } from "../support/pull-calls.js";
import { DATABASES } from "../support/stores.js";
import { eventually, present } from "../support/world/eventually.js";
import { CARDS } from "../support/world/stock.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = DATABASES.filter(({ title }) => title === "PostgreSQL");

for (const database of POSTGRES) {
  describe("A pulled provider at two instances", () => {
    const worlds = useWorlds(database);

    it("gives each request to one of two loops, and takes answers at either", async () => {
      const world = await worlds.create({ providers: [{ protocol: "pull" }] });
      const instances = [await world.spawn(), await world.spawn()];
      const loops = instances.map(({ grpc }) => new PullCalls(grpc));
      const [one, other] = loops.map(present);
      const { api } = present(instances[0]);
      for (let i = 0; i < 2 * CARDS; i += 1) await api.create(i % CARDS);
      const handedOut: bigint[] = [];
      const works = async (mine: PullCalls | undefined, answersTo: PullCalls | undefined) => {
        for (;;) {
          const items = await present(mine).claim({ limit: 3 });
          if (items.length === 0) return;
          handedOut.push(...items.map(({ number }) => number));
          const failures = await present(answersTo).send(
            ...items.map((item) => acceptedAnswer(item)),
          );
          expect(failures).to.deep.equal([]);
        }
      };
      await Promise.all([works(one, other), works(other, one), works(one, one)]);
      // Each may have found nothing ready while the last heads were in the hands of another.
      await works(one, other);
      expect(handedOut.toSorted((a, b) => Number(a - b))).to.deep.equal(
        Array.from({ length: 2 * CARDS }, (_, i) => BigInt(i + 1)),
      );
      for (const { lifeCycleState } of await api.all()) {
        expect(lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
      for (const loop of loops) loop.close();
    });

    it("tells an immediate call at one of what a loop answered at the other, killed or not", async () => {
      const world = await worlds.create({ providers: [{ protocol: "pull" }] });
      const [first, second] = [await world.spawn(), await world.spawn()];
      const loop = new PullCalls(second.grpc);
      await loop.claim();
      const waiting = first.api.create(0, { processImmediately: true });
      let items = await loop.claim();
      while (items.length === 0) items = await loop.claim();
      const [item] = items;
      await loop.send(acceptedAnswer(present(item)));
      expect((await waiting).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");

      await first.api.create(1);
      const [held] = await loop.claim();
      await second.kill();
      loop.close();
      // The lease is nobody's process's: it stands, and any instance takes the answer.
      const after = new PullCalls(first.grpc);
      expect(await after.claim()).to.deep.equal([]);
      expect(await after.send(acceptedAnswer(present(held)))).to.deep.equal([]);
      const ended = await first.api.ended(present(held));
      expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      after.close();
    });

    it("keeps one connection at most, however often a loop asks while its provider is locked", async () => {
      const world = await worlds.start({ providers: [{ protocol: "pull" }], caUp: false });
      const loop = new PullCalls(world.service.grpc);
      const database = await world.database();
      let unlock: () => void = () => undefined;
      let locked: () => void = () => undefined;
      const locking = new Promise<void>((resolve) => {
        locked = resolve;
      });
      const holding = database.write("dispatch", async (tx) => {
        await tx.all("SELECT 1 AS ok FROM dispatch FOR UPDATE");
        locked();
        await new Promise<void>((resolve) => {
          unlock = resolve;
        });
      });
      await locking;
      const claims = Array.from({ length: 30 }, () => loop.claim({ limit: 1 }));
      const waiting = () =>
        database.reader.all<{ query: string }>(
          `SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'
             AND datname = current_database()`,
        );
      await eventually("a claim that waits", waiting, ({ length }) => length > 0);
      await world.api.create(0);
      await world.api.create(1);
      expect((await waiting()).length).to.be.at.most(1);
      unlock();
      await holding;
      const handedOut = (await Promise.all(claims)).flat();
      expect(handedOut.map(({ number }) => number)).to.have.members([1n, 2n]);
      loop.close();
    });
  });
}
