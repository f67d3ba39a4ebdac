import { expect } from "chai";
import type { ClaimedHead, TakenOver } from "../../src/store/dispatch-store.js";
import { claimHeads } from "../../src/store/knex/claim-heads.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { knexRequestStore } from "../../src/store/knex/knex-request-store.js";
import { acceptance, type Create } from "../conformance/store/creates.js";
import { completed, deferred, rejected, released } from "../conformance/store/results.js";
import {
  INSTANCE,
  LEASE_MS,
  present,
  RUN,
  START,
  setStage,
  stored,
} from "../conformance/store/stage.js";
import { postgresServer } from "../support/postgres-server.js";

const POSTGRES = {
  title: "PostgreSQL",
  create: async () => ({
    url: await (await postgresServer()).createDatabase(),
    driver: "sqlite3" as const,
  }),
};

const CARDS = 6;

describe("many instances on one PostgreSQL", () => {
  const stage = setStage(POSTGRES);
  let databases: Database[];

  beforeEach(async () => {
    databases = [];
  });
  afterEach(async () => {
    for (const database of databases) await database.close();
  });

  /** A process of its own, with a slot of `alpha`. */
  async function instance(name: string) {
    const database = await stage.openAnother();
    databases.push(database);
    const requests = knexRequestStore(database);
    const dispatch = knexDispatchStore(database);
    await stage.execute(
      `INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
       VALUES ('alpha', ?, 0, 'CLOSED', 1)`,
      [databases.length],
    );
    await dispatch.register(name, name, LEASE_MS);
    expect(await dispatch.acquireSlots(name, "alpha")).to.have.lengthOf(1);
    const context = {
      supported: () => new Set(["REAUTHORISE_ALL_SERVICES" as const]),
      claim: { incarnation: name, places: new Map([["alpha", 2]]) },
    };
    return {
      requests,
      dispatch,
      accept: async (creates: readonly Create[]) =>
        (await requests.accept(creates.map(acceptance), context)).map(stored),
      claim: (limit: number) =>
        dispatch.claim({ provider: "alpha", incarnation: name, limit, run: RUN }),
      apply: (...results: Parameters<typeof dispatch.apply>[1]) => dispatch.apply(name, results),
    };
  }

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

  it("hand a free lane to one of two immediate creates", async () => {
    const [a, b] = [await instance("a"), await instance("b")];
    for (let i = 0; i < 15; i += 1) {
      const create: Create = { processImmediately: true };
      const made = (await Promise.all([a.accept([create]), b.accept([create])])).flat();
      const claimed = made.map((one) => one.claimed).filter((head) => head !== undefined);
      expect(claimed).to.have.lengthOf(1);
      const owner = made[0]?.claimed === undefined ? b : a;
      await owner.apply(completed(present(claimed[0])));
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
      const options = { provider: "alpha", incarnation: INSTANCE, limit: 1, run: RUN };
      expect((await claimHeads(tx, options)).heads).to.have.lengthOf(1);
      takenOver ??= other.dispatch.takeOver("b");
      await untilSomebodyWaits();
    });
    expect(await takenOver).to.deep.equal({ incarnations: [INSTANCE], lanes: 1 });
    expect(await stage.execute("SELECT head FROM lanes WHERE owner IS NULL")).to.have.lengthOf(1);
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

  it("do everything at once on few cards without a deadlock, a loss or a change of order", async () => {
    const instances = [await instance("a"), await instance("b"), await instance("c")];
    const rounds = 25;
    let step = 0;
    const life = new Map<number, { card: string; submitted: number; acknowledged: number }>();
    const firstSent = new Map<number, number>();
    let seed = 1;
    const pick = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };

    async function accepts({ accept }: (typeof instances)[number]): Promise<void> {
      for (let i = 0; i < rounds; i += 1) {
        const submitted = ++step;
        const creates = Array.from({ length: 5 }, () => ({
          card: `card-${pick(CARDS)}`,
          priority: pick(5) === 0 ? ("EXPRESS" as const) : ("REGULAR" as const),
          ...(pick(10) === 0 ? { expireDate: START - 1 } : {}),
        }));
        const made = await accept(creates);
        const acknowledged = ++step;
        for (const { request } of made) {
          const card = request.smartcard.id;
          life.set(request.number, { card, submitted, acknowledged });
        }
      }
    }

    async function sends({ claim, apply }: (typeof instances)[number]): Promise<void> {
      const result = (head: ClaimedHead) => {
        const kind = pick(8);
        if (kind === 0) return deferred(head, 0);
        if (kind === 1) return released(head);
        return kind === 2 ? rejected(head) : completed(head);
      };
      for (let i = 0; i < 2 * rounds; i += 1) {
        const { heads } = await claim(1 + pick(3));
        const claimed = ++step;
        for (const { number } of heads) {
          if (!firstSent.has(number)) firstSent.set(number, claimed);
        }
        const { applied } = await apply(...heads.map(result));
        expect(applied).not.to.include(false);
      }
    }

    async function ends({ requests, dispatch }: (typeof instances)[number]): Promise<void> {
      for (let i = 0; i < rounds; i += 1) {
        const numbers = [...life.keys()];
        const value = numbers[pick(Math.max(1, numbers.length))] ?? 0;
        await requests.cancel({ by: "number", value }, "desk", undefined);
        await dispatch.expire(3);
      }
    }

    await Promise.all(instances.flatMap((one) => [accepts(one), sends(one), ends(one)]));
    await stage.expectSound();
    for (;;) {
      const claimed = await present(instances[0]).claim(100);
      for (const { number } of claimed.heads)
        firstSent.set(number, firstSent.get(number) ?? ++step);
      if (claimed.heads.length === 0 && !claimed.contended) break;
      await present(instances[0]).apply(...claimed.heads.map((head) => completed(head)));
    }
    await stage.expectNoWork();
    expect(overtaken(life, firstSent)).to.deep.equal([]);
  }).timeout(60_000);
});

/** Pairs of one card, the first acknowledged before the second was submitted, sent the other way. */
function overtaken(
  life: ReadonlyMap<number, { card: string; submitted: number; acknowledged: number }>,
  firstSent: ReadonlyMap<number, number>,
): [number, number][] {
  const pairs: [number, number][] = [];
  for (const [first, sent] of firstSent) {
    for (const [second, sentLater] of firstSent) {
      const [a, b] = [life.get(first), life.get(second)];
      if (a === undefined || b === undefined || a.card !== b.card) continue;
      if (a.acknowledged < b.submitted && sentLater < sent) pairs.push([first, second]);
    }
  }
  return pairs;
}
