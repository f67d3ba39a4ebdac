import { expect } from "chai";
import type { Claimed, TakenOver } from "../../src/store/dispatch-store.js";
import { claimHeads } from "../../src/store/knex/claim-heads.js";
import { fence } from "../../src/store/knex/fence.js";
import { deregister } from "../../src/store/knex/incarnations.js";
import type { Create } from "../conformance/store/creates.js";
import { CLAIM, POSTGRES, setInstances } from "../conformance/store/instances.js";
import { completed } from "../conformance/store/results.js";
import { INSTANCE, LEASE_MS, present, setStage } from "../conformance/store/stage.js";

const CARDS = 6;

describe("many instances on one PostgreSQL", () => {
  const stage = setStage(POSTGRES);
  const instance = setInstances(stage);

  /** Resolves once a connection waits for a lock that another one has. */
  async function untilSomebodyWaits(): Promise<void> {
    let waiting: object[] = [];
    while (waiting.length === 0) {
      waiting = await stage.database.reader.all(
        `SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
    }
  }

  it("keep the order of one lane whoever stores and whoever sends", async () => {
    const instances = [await instance("a"), await instance("b")];
    const rounds = 20;
    // Each stores one after the other what the other does not wait for.
    const stored = await Promise.all(
      instances.map(async ({ accept }) => {
        const numbers: number[] = [];
        for (let i = 0; i < rounds; i += 1) {
          numbers.push(...(await accept([{}, {}])).map(({ request }) => request.number));
        }
        return numbers;
      }),
    );
    const sent: number[] = [];
    while (sent.length < 4 * rounds) {
      const claims = await Promise.all(instances.map(({ claim }) => claim(10)));
      const heads = claims.map((claimed) => claimed.heads);
      expect(heads.flat().length).to.be.at.most(1);
      sent.push(...heads.flat().map((head) => head.number));
      await Promise.all(
        instances.map(({ apply }, i) => apply(...present(heads[i]).map((head) => completed(head)))),
      );
    }
    for (const numbers of stored) {
      expect(sent.filter((number) => numbers.includes(number))).to.deep.equal(numbers);
    }
    await stage.expectNoWork();
  });

  it("never lose a head between an outcome and a create of its lane", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    for (let i = 0; i < 25; i += 1) {
      await a.accept([{}]);
      const head = present((await a.claim(1)).heads[0]);
      await Promise.all([a.apply(completed(head)), b.accept([{}])]);
      const next = present((await a.claim(1)).heads[0]);
      expect(next.number).to.equal(head.number + 1);
      await a.apply(completed(next));
    }
    await stage.expectNoWork();
  });

  it("hand a free lane to one of two immediate creates at most, and else to the next claim", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    for (let i = 0; i < 15; i += 1) {
      const create: Create = { processImmediately: true };
      const made = (await Promise.all([a.accept([create]), b.accept([create])])).flat();
      const claimed = made.map((one) => one.claimed).filter((head) => head !== undefined);
      // The one that finds the other claiming for the provider does not wait for that.
      expect(claimed.length).to.be.at.most(1);
      const owner = made[1]?.claimed === undefined ? a : b;
      await owner.apply(completed(claimed[0] ?? present((await a.claim(1)).heads[0])));
      const last = present((await a.claim(1)).heads[0]);
      await a.apply(completed(last));
    }
  });

  it("cancel beside an outcome: one of them ends the request", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    for (let i = 0; i < 25; i += 1) {
      const [first, second] = await a.accept([{}, {}]);
      const head = present((await a.claim(1)).heads[0]);
      const cancel = (number: number) =>
        b.requests.cancel({ by: "number", value: number }, "desk", undefined);
      const [, one, two] = await Promise.all([
        a.apply(completed(head)),
        cancel(present(first).request.number),
        cancel(present(second).request.number),
      ]);
      expect(one.kind).to.equal("not_allowed");
      expect(two.kind).to.equal("ended");
      expect((await stage.get(head.number)).lifeCycleState).to.equal("COMPLETED");
    }
    await stage.expectNoWork();
  });

  it("cancel while an outcome has the lane: it waits, and locks nothing that the outcome needs", async () => {
    const { number } = await stage.storeOne({});
    let attempts = 0;
    let cancelled: Promise<unknown> | undefined;
    await stage.database.write("dispatch", async (tx) => {
      attempts += 1;
      await tx.all("UPDATE lanes SET owner = 'somebody', sequence_number = 1");
      cancelled ??= stage.requests.cancel({ by: "number", value: number }, "desk", undefined);
      await untilSomebodyWaits();
      await tx.all("DELETE FROM waiting WHERE number = ?", [number]);
      await tx.all(
        `INSERT INTO outcomes (number, life_cycle_state, attempts, ended_date, ended_by)
         VALUES (?, 'COMPLETED', 1, 1, 'service')`,
        [number],
      );
      await tx.all("DELETE FROM lanes");
    });
    expect(await cancelled).to.deep.equal({ kind: "not_allowed", state: "COMPLETED" });
    expect(attempts).to.equal(1);
  });

  it("fence after a claim under way, and free what it took", async () => {
    await stage.store({});
    await stage.pass(LEASE_MS + 1);
    const other = await instance("b");
    let takenOver: Promise<TakenOver> | undefined;
    await stage.database.write("dispatch", async (tx) => {
      const options = { ...CLAIM, incarnation: INSTANCE, limit: 1 };
      expect((await claimHeads(tx, options)).heads).to.have.lengthOf(1);
      takenOver ??= other.dispatch.takeOver("b");
      await untilSomebodyWaits();
    });
    expect(await takenOver).to.deep.equal({ incarnations: [INSTANCE], lanes: 1 });
    expect(await stage.execute("SELECT head FROM lanes WHERE owner IS NULL")).to.have.lengthOf(1);
  });

  it("prolong a lease beside a claim under way", async () => {
    await stage.database.write("dispatch", async (tx) => {
      await claimHeads(tx, { ...CLAIM, incarnation: INSTANCE, limit: 1 });
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(true);
    });
  });

  it("sign off after a claim under way, and leave nothing of it behind", async () => {
    await stage.store({});
    let signedOff: Promise<void> | undefined;
    await stage.database.write("dispatch", async (tx) => {
      const options = { ...CLAIM, incarnation: INSTANCE, limit: 1 };
      expect((await claimHeads(tx, options)).heads).to.have.lengthOf(1);
      signedOff ??= stage.dispatch.deregister(INSTANCE);
      await untilSomebodyWaits();
    });
    await signedOff;
    expect(await stage.execute("SELECT head FROM lanes WHERE owner IS NULL")).to.have.lengthOf(1);
  });

  it("sign off while another takes over, and leave it the run that has work in it", async () => {
    const other = await instance("b");
    await stage.store({});
    await stage.claimOne();
    const { database } = stage;
    let takenOver: TakenOver | undefined;
    await deregister(
      {
        ...database,
        async write(kind, work) {
          const result = await database.write(kind, work);
          takenOver ??= await other.dispatch.takeOver("b");
          return result;
        },
      },
      INSTANCE,
    );
    expect(takenOver).to.deep.equal({ incarnations: [INSTANCE], lanes: 1 });
    expect(await stage.execute("SELECT state, owner FROM runs")).to.deep.equal([
      { state: "ACTIVE", owner: "b" },
    ]);
  });

  it("claim nothing once a fence is under way", async () => {
    await stage.store({});
    let claimed: Promise<Claimed> | undefined;
    await stage.database.write("dispatch", async (tx) => {
      expect(await fence(tx, "id = ?", [INSTANCE])).to.deep.equal([INSTANCE]);
      claimed ??= stage.claim();
      await untilSomebodyWaits();
    });
    expect((await claimed)?.heads).to.deep.equal([]);
  });

  it("prolong a lease while a take-over waits, which then finds it alive", async () => {
    await stage.pass(LEASE_MS + 1);
    const other = await instance("b");
    let takenOver: Promise<TakenOver> | undefined;
    await stage.database.write("dispatch", async (tx) => {
      await claimHeads(tx, { ...CLAIM, incarnation: INSTANCE, limit: 1 });
      takenOver ??= other.dispatch.takeOver("b");
      await untilSomebodyWaits();
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(true);
    });
    expect(await takenOver).to.deep.equal({ incarnations: [], lanes: 0 });
  });

  it("have one cap for what is under way in all of them", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    await a.accept([{}, { card: "card-1" }, { card: "card-2" }]);
    const capped = { ...CLAIM, maxInFlight: 2, limit: 10 };
    const first = await a.dispatch.claim({ ...capped, incarnation: "a", limit: 1 });
    const second = await b.dispatch.claim({ ...capped, incarnation: "b" });
    expect([first.heads.length, second.heads.length]).to.deep.equal([1, 1]);
    const full = await b.dispatch.claim({ ...capped, inHand: 1, incarnation: "b" });
    expect(full.heads).to.deep.equal([]);
    expect(full.nextWakeInMs).to.be.greaterThan(0);
    await a.apply(completed(present(first.heads[0])));
    const free = await b.dispatch.claim({ ...capped, inHand: 1, incarnation: "b" });
    expect(free.heads).to.have.lengthOf(1);
  });

  it("claim no more than the cap with immediate creates, whoever holds the rest", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    const immediate = (card: number): Create => ({
      card: `card-${card}`,
      processImmediately: true,
    });
    await a.accept([{}, { card: "card-1" }]);
    const { heads } = await a.claim(2);
    const capped = async (inHand: number, ...cards: number[]) =>
      (await b.accept(cards.map(immediate), inHand)).map(({ claimed }) => claimed !== undefined);
    expect(await capped(0, 2, 3)).to.deep.equal([true, false]);
    expect(await capped(1, 4)).to.deep.equal([false]);
    await a.apply(...heads.map((head) => completed(head)));
    expect(await capped(1, 5)).to.deep.equal([true]);
  });

  it("count side by side in one run", async () => {
    const instances = [await instance("a"), await instance("b")];
    await instances[0]?.accept(Array.from({ length: CARDS }, (_, i) => ({ card: `card-${i}` })));
    for (let selected = 0; selected < CARDS; ) {
      const claims = await Promise.all(instances.map(({ claim }) => claim(1)));
      for (const [i, { heads }] of claims.entries()) {
        selected += heads.length;
        await instances[i]?.apply(...heads.map((head) => completed(head)));
      }
    }
    expect(await stage.execute("SELECT selected, completed FROM runs")).to.deep.equal([
      { selected: CARDS, completed: CARDS },
    ]);
  });
});
