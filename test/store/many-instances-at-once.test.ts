import { expect } from "chai";
import type { ClaimedHead } from "../../src/store/dispatch-store.js";
import { type Instance, POSTGRES, setInstances } from "../conformance/store/instances.js";
import { completed, deferred, rejected, released } from "../conformance/store/results.js";
import { present, START, setStage } from "../conformance/store/stage.js";

const CARDS = 6;

describe("many instances on one PostgreSQL, all at once", () => {
  const stage = setStage(POSTGRES);
  const instance = setInstances(stage);

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

    async function accepts({ accept }: Instance): Promise<void> {
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

    async function sends({ claim, apply }: Instance): Promise<void> {
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

    async function ends({ requests, dispatch }: Instance): Promise<void> {
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
