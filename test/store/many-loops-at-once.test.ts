import { expect } from "chai";
import type { Database } from "../../src/store/knex/database.js";
import { knexPullStore } from "../../src/store/knex/knex-pull-store.js";
import type { PullStore } from "../../src/store/pull-store.js";
import { POSTGRES } from "../conformance/store/instances.js";
import {
  accepted,
  CARDS,
  FINISH_OF,
  leased,
  refused,
  setPullStage,
  wordOf,
} from "../conformance/store/pull-stage.js";

/** One handing out of one request. */
interface HandOut {
  readonly number: number;
  readonly card: string;
  readonly from: number;
  readonly until: number;
}

const ROUNDS = 40;

describe("many loops at many instances on one PostgreSQL, all at once", () => {
  const pull = setPullStage(POSTGRES);
  let databases: Database[];

  beforeEach(async () => {
    databases = [await pull.stage.openAnother(), await pull.stage.openAnother()];
  });
  afterEach(async () => {
    for (const database of databases) await database.close();
  });

  it("get nothing twice at once, nothing out of order, and lose nothing", async () => {
    const stores = databases.map(knexPullStore);
    const handOuts: HandOut[] = [];
    /** When an answer to each request was applied, in steps. */
    const applied = new Map<number, number>();
    const firstHandedOut = new Map<number, number>();
    let step = 0;
    let seed = 1;
    const pick = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };

    async function creates(): Promise<void> {
      for (let i = 0; i < ROUNDS; i += 1) await pull.create(pick(4), pick(4), pick(CARDS));
    }

    async function works(store: PullStore): Promise<void> {
      let unanswered: number[] = [];
      for (let i = 0; i < ROUNDS; i += 1) {
        const leaseMs = 1 + pick(50);
        const claimed = leased(await pull.claim({ limit: 1 + pick(4), leaseMs }, store));
        const at = ++step;
        for (const { head, request } of claimed.handedOut) {
          const { number } = head;
          const until = claimed.expireDate;
          handOuts.push({ number, card: request.smartcard.id, from: until - leaseMs, until });
          if (!firstHandedOut.has(number)) firstHandedOut.set(number, at);
          unanswered.push(number);
        }
        // It crashes at times, and answers late, in disorder, and more than once.
        if (pick(4) === 0) continue;
        const answers = unanswered
          .filter(() => pick(3) > 0)
          .toSorted(() => pick(3) - 1)
          .map((number) => (pick(5) === 0 ? refused(number) : accepted(number)));
        if (answers.length === 0) continue;
        const before = ++step;
        const answered = await store.answer(answers, FINISH_OF);
        for (const one of answered) {
          if (one.kind !== "applied") continue;
          expect(applied.has(one.finish.head.number), "answers applied twice").to.equal(false);
          applied.set(one.finish.head.number, before);
        }
        expect(answered.map(wordOf)).not.to.include("PROVISIONING_REQUEST_NOT_FOUND");
        if (pick(2) === 0) unanswered = [];
      }
    }

    async function timePasses(): Promise<void> {
      for (let i = 0; i < 2 * ROUNDS; i += 1) {
        await pull.stage.pass(pick(20));
        for (const store of stores) await store.endLeases();
      }
    }

    await Promise.all([
      creates(),
      timePasses(),
      ...stores.flatMap((one) => [works(one), works(one)]),
    ]);
    await pull.stage.expectSound();
    await pull.stage.pass(1000);
    await pull.store.endLeases();
    for (;;) {
      const numbers = await pull.numbers();
      if (numbers.length === 0) break;
      expect(await pull.answered(...numbers.map((number) => accepted(number)))).to.deep.equal(
        numbers.map(() => "applied"),
      );
    }
    await pull.stage.expectNoWork();
    await pull.expectNoLeases();
    expect(handOuts.length).to.be.above(ROUNDS);
    expect(overlapping(handOuts)).to.deep.equal([]);
    expect(overtaking(handOuts, firstHandedOut, applied)).to.deep.equal([]);
  }).timeout(60_000);
});

/** Requests that were handed out while a lease of theirs still stood. */
function overlapping(handOuts: readonly HandOut[]): number[] {
  const sorted = handOuts.toSorted((a, b) => a.from - b.from || a.until - b.until);
  return sorted.flatMap(({ number, from }, i) =>
    sorted.slice(0, i).some((other) => other.number === number && other.until > from)
      ? [number]
      : [],
  );
}

/** Pairs of one card, the second handed out before the answer to the first was begun. */
function overtaking(
  handOuts: readonly HandOut[],
  firstHandedOut: ReadonlyMap<number, number>,
  applied: ReadonlyMap<number, number>,
): [number, number][] {
  const cards = new Map(handOuts.map(({ number, card }) => [number, card]));
  const pairs: [number, number][] = [];
  for (const [first, card] of cards) {
    for (const [second, other] of cards) {
      if (card !== other || first >= second) continue;
      const answered = applied.get(first) ?? Number.POSITIVE_INFINITY;
      if ((firstHandedOut.get(second) ?? 0) < answered) pairs.push([first, second]);
    }
  }
  return pairs;
}
