import { expect } from "chai";
import type { Delivery } from "../../src/adapters/ca-adapter.js";
import { claimedHead } from "./claimed-head.js";
import { settle, stage } from "./provider-stage.js";

describe("the dispatcher of a provider that is let go of", () => {
  it("frees what a claim may have taken whose end nobody knows", async () => {
    const { dispatcher, calls, claimed } = stage({ isDown: true });
    await claimed();
    await dispatcher.stop();
    await dispatcher.freeStrays();
    expect(calls).to.deep.equal(["claim", "release strays of alpha"]);
  });

  it("frees what a create may have claimed for it, once that has ended", async () => {
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    expect(dispatcher.lend(1)).to.equal(1);
    await dispatcher.stop();
    const freed = dispatcher.freeStrays();
    dispatcher.repay(1, undefined);
    await freed;
    expect(calls).to.deep.equal(["claim", "release strays of alpha"]);
  });

  it("asks nothing of the database when it knows what became of all", async () => {
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    dispatcher.repay(dispatcher.lend(1), []);
    await dispatcher.stop();
    await dispatcher.freeStrays();
    expect(calls).to.deep.equal(["claim"]);
  });
});

describe("the dispatcher of a provider, when a head is done", () => {
  it("claims nothing when its lane is gone and all that was ready had room", async () => {
    const { dispatcher, calls, claimed } = stage({});
    await claimed();
    dispatcher.repay(dispatcher.lend(1), [claimedHead(1)]);
    await settle();
    expect(calls).to.deep.equal(["claim", "result"]);
  });

  it("claims what waited behind it", async () => {
    const { dispatcher, calls, claimed } = stage({ behind: true });
    await claimed();
    dispatcher.repay(dispatcher.lend(1), [claimedHead(1)]);
    await settle();
    expect(calls).to.deep.equal(["claim", "result", "claim"]);
  });

  it("claims what had no room before", async () => {
    const heads = [[claimedHead(1, "000000000001")], [claimedHead(2, "000000000002")]];
    const { calls } = stage({ claims: heads, maxInFlight: 1 });
    await settle();
    expect(calls).to.deep.equal(["claim", "result", "claim", "result", "claim"]);
  });

  it("claims what had no room for a loan that ended with nothing", async () => {
    const { dispatcher, calls, claimed } = stage({ maxInFlight: 1 });
    await claimed();
    const places = dispatcher.lend(1);
    dispatcher.wake();
    await settle();
    expect(calls).to.deep.equal(["claim"]);
    dispatcher.repay(places, []);
    await settle();
    expect(calls).to.deep.equal(["claim", "claim"]);
  });
});

describe("the dispatcher of a provider, when the end of a create is not known", () => {
  it("frees what that may have claimed in a moment, and claims it", async () => {
    const { dispatcher, calls, clock, claimed } = stage({});
    await claimed();
    dispatcher.repay(dispatcher.lend(1), undefined);
    clock.advance(1000);
    await settle();
    expect(calls).to.deep.equal(["claim", "release strays of alpha", "claim"]);
  });
});

describe("the dispatcher of a provider that frees what nobody knows of", () => {
  it("lends no place until that is done: what a create claimed meanwhile would be freed too", async () => {
    const lent: number[] = [];
    const { dispatcher, calls, claimed } = stage({
      whileFreeing: (freeing) => lent.push(freeing.lend(1)),
    });
    await claimed();
    dispatcher.lookAround();
    await settle();
    expect(calls).to.deep.equal(["claim", "release strays of alpha", "claim"]);
    expect([...lent, dispatcher.lend(1)]).to.deep.equal([0, 1]);
  });
});

describe("the dispatcher of a provider with a part of its connections", () => {
  it("holds as large a part of what may be in hand, rounded up", async () => {
    const { dispatcher, limits } = stage({ maxInFlight: 7, share: 1 / 3 });
    await settle();
    expect(limits).to.deep.equal([3]);
    expect(dispatcher.lend(5)).to.equal(3);
  });
});

describe("the dispatcher of a provider whose lease was silent for a moment", () => {
  it("sends what it had claimed before, once the lease stands again", async () => {
    const sent: number[] = [];
    const answers: ((delivery: Delivery) => void)[] = [];
    let alive = true;
    const { dispatcher } = stage({
      claims: [[claimedHead(1, "card-1")], [claimedHead(2, "card-2")]],
      window: 1,
      maySend: () => alive,
      send: ({ transaction }) => {
        sent.push(transaction);
        return new Promise((resolve) => answers.push(resolve));
      },
    });
    await settle();
    alive = false;
    answers[0]?.({ outcome: { kind: "accepted", reference: "R-1" } });
    dispatcher.wake();
    await settle();
    expect(sent).to.deep.equal([1]);
    alive = true;
    dispatcher.wake();
    await settle();
    expect(sent).to.deep.equal([1, 2]);
  });
});

describe("the dispatcher of a provider, while urgent requests come", () => {
  const urgent = { ...claimedHead(1, "card-1"), urgent: true };

  it("claims few heads at once, so that the next one does not wait for many", async () => {
    const claims = [[], [urgent, claimedHead(2, "card-2"), claimedHead(3, "card-3")]];
    const { dispatcher, limits, clock } = stage({ claims, maxInFlight: 500, window: 500 });
    const wakeAfter = async (ms: number) => {
      clock.advance(ms);
      dispatcher.wake();
      await settle();
    };
    await settle();
    await wakeAfter(0);
    expect(limits).to.deep.equal([500, 500]);
    await wakeAfter(0);
    await wakeAfter(999);
    expect(limits).to.deep.equal([500, 500, 100, 100]);
    await wakeAfter(1);
    expect(limits).to.deep.equal([500, 500, 100, 100, 500]);
  });

  it("claims few heads at once from an immediate create on", async () => {
    const { dispatcher, limits } = stage({ maxInFlight: 500, window: 500 });
    await settle();
    dispatcher.repay(dispatcher.lend(1), []);
    dispatcher.wake();
    await settle();
    dispatcher.repay(dispatcher.lend(1), [urgent]);
    dispatcher.wake();
    await settle();
    expect(limits).to.deep.equal([500, 500, 100]);
  });

  it("claims many where half of them are urgent", async () => {
    const claims = [[urgent, claimedHead(2, "card-2")]];
    const { dispatcher, limits } = stage({ claims, maxInFlight: 500, window: 500 });
    await settle();
    dispatcher.wake();
    await settle();
    expect(limits).to.deep.equal([500, 500]);
  });
});

describe("the dispatcher of a provider in a run", () => {
  it("tells that nothing is left only of a claim during which nothing came", async () => {
    const { drained } = stage({ whileClaiming: (dispatcher) => dispatcher.wake() });
    await settle();
    expect(drained).to.deep.equal([false, true]);
  });

  it("tells that there is more when a head goes back unsent, and looks in a moment", async () => {
    let busy = true;
    const { settled, calls, clock } = stage({
      claims: [[claimedHead(1, "card-1")], [claimedHead(1, "card-1")]],
      send: async () =>
        busy
          ? { outcome: { kind: "unavailable", text: "the session takes no more commands" } }
          : { outcome: { kind: "accepted", reference: "R-1" } },
    });
    await settle();
    expect(settled).to.deep.equal([true]);
    expect(calls).to.deep.equal(["claim", "result"]);
    busy = false;
    clock.advance(100);
    await settle();
    expect(settled).to.deep.equal([true, false]);
    expect(calls).to.deep.equal(["claim", "result", "claim", "result"]);
  });
});
