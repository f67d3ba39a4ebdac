import { expect } from "chai";
import type { Delivery } from "../../src/adapters/ca-adapter.js";
import { claimedHead } from "./claimed-head.js";
import { settle, stage } from "./provider-stage.js";

const SUCCESSION = { provider: "alpha", providerVersion: 1, runId: "run-1" };
const [first, second, third] = [claimedHead(1), claimedHead(2), claimedHead(3)];

/** A dispatcher that has claimed all there was; its commands are answered when the test says so. */
async function answering(options: Parameters<typeof stage>[0]) {
  const answers: (() => void)[] = [];
  const sent: number[] = [];
  const staged = stage({
    claims: [[first]],
    send: ({ transaction }) => {
      sent.push(transaction);
      return new Promise<Delivery>((resolve) =>
        answers.push(() => resolve({ outcome: { kind: "accepted", reference: "R-1" } })),
      );
    },
    ...options,
  });
  await settle();
  const answer = async () => {
    answers.shift()?.();
    await settle();
  };
  return { ...staged, sent, answer };
}

describe("the dispatcher of a provider whose lanes go on", () => {
  it("sends their next heads without a claim, in the same run, until one goes free", async () => {
    const { calls, sent, settled, asked, answer } = await answering({
      successors: [second, third],
    });
    for (let i = 0; i < 3; i += 1) await answer();
    expect(sent).to.deep.equal([1, 2, 3]);
    expect(calls).to.deep.equal(["claim", "result", "result", "result"]);
    expect(asked).to.deep.equal([SUCCESSION, SUCCESSION, SUCCESSION]);
    expect(settled).to.deep.equal([false]);
  });

  it("lets them go free where the last claim left others ready", async () => {
    const { asked, answer, sent } = await answering({
      claims: [[first], [claimedHead(4, "card-4")]],
      maxInFlight: 1,
      successors: [second],
    });
    await answer();
    expect(asked).to.deep.equal([undefined]);
    expect(sent).to.deep.equal([1, 4]);
  });

  it("lets them go free when something has come that found no room", async () => {
    const { asked, answer, calls, dispatcher } = await answering({
      maxInFlight: 1,
      successors: [second],
    });
    dispatcher.wake();
    await settle();
    await answer();
    expect(asked).to.deep.equal([undefined]);
    expect(calls).to.deep.equal(["claim", "result", "claim"]);
  });

  it("lets them go free while urgent requests are expected", async () => {
    const { asked, answer, dispatcher } = await answering({ successors: [second] });
    dispatcher.repay(dispatcher.lend(1), [{ ...claimedHead(9, "card-9"), urgent: true }]);
    await answer();
    expect(asked).to.deep.equal([undefined]);
  });

  for (const [where, options] of Object.entries({
    "where a rate bounds the provider": { ratePerSecond: 100 },
    "outside of runs": { outsideOfRuns: true },
  })) {
    it(`lets them go free ${where}`, async () => {
      const { asked, answer } = await answering({ ...options, successors: [second] });
      await answer();
      expect(asked).to.deep.equal([undefined]);
    });
  }

  it("lets them go free while the lease is silent", async () => {
    let alive = true;
    const { asked, answer } = await answering({ maySend: () => alive, successors: [second] });
    alive = false;
    await answer();
    expect(asked).to.deep.equal([undefined]);
  });

  it("lets them go free where more is in hand than its part, as after another came", async () => {
    const claims = [[first, claimedHead(4, "card-4")]];
    for (const [share, expected] of [
      [1, SUCCESSION],
      [0.5, undefined],
    ] as const) {
      const { asked, answer } = await answering({ claims, maxInFlight: 2, share });
      await answer();
      expect(asked).to.deep.equal([expected]);
    }
  });

  it("frees what a result whose end nobody heard may have claimed, and claims it", async () => {
    const { calls, answer } = await answering({ isLost: true });
    await answer();
    expect(calls).to.deep.equal(["claim", "result", "release strays of alpha", "claim"]);
  });
});
