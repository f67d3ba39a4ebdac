import { expect } from "chai";
import { pino } from "pino";
import { Acceptor } from "../../src/accept/acceptor.js";
import type { CreateWithPin } from "../../src/requests/create-request.js";
import type { SubscriptionReset } from "../../src/requests/subscription-reset.js";
import type { Acceptance, AcceptContext, Accepted } from "../../src/store/request-store.js";
import { acceptance } from "../conformance/store/creates.js";
import { rejection } from "../secrets/rejection.js";
import { takes } from "../support/provider-rules.js";
import { present } from "../support/world/eventually.js";

const REFUSED: Accepted = {
  kind: "refused",
  faults: [{ reason: "SMARTCARD_NOT_FOUND", description: "no smartcard has this id" }],
};

const RESET: SubscriptionReset = acceptance().create;

interface Writing {
  readonly batch: readonly Acceptance[];
  readonly bulk: AcceptContext["bulk"];
  readonly finish: () => void;
}

/** An acceptor over a store that finishes a batch or a reset when it is told to. */
function open(sideBySide: boolean) {
  const writings: Writing[] = [];
  const resetting: (() => void)[] = [];
  const unused = async () => {
    throw new Error("not asked for in these tests");
  };
  const acceptor = new Acceptor({
    store: {
      sideBySide,
      shared: sideBySide,
      accept: (batch, { bulk }) =>
        new Promise((resolve) => {
          writings.push({ batch, bulk, finish: () => resolve(batch.map(() => REFUSED)) });
        }),
      reset: () =>
        new Promise((resolve) => {
          resetting.push(() => resolve({ requests: [], replayed: false }));
        }),
      get: unused,
      list: unused,
      cancel: unused,
      conditions: unused,
    },
    dispatcher: {
      incarnation: "one",
      all: () => [],
      work: () => undefined,
      workIn: () => undefined,
    },
    rules: takes([]),
    newId: () => "id",
    seal: () => "sealed",
    hashBody: () => "hash",
    hashReset: () => "hash",
    log: pino({ level: "silent" }),
  });
  return { acceptor, writings, resetting };
}

const creates = (count: number): CreateWithPin[] =>
  Array.from({ length: count }, () => ({ create: acceptance().create, pin: undefined }));

function finish(writings: readonly Writing[]): void {
  for (const writing of writings) writing.finish();
}

const sizes = (writings: readonly Writing[]) => writings.map(({ batch }) => batch.length);

/** Lets what has come in begin. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("Acceptor", () => {
  it("has a full second batch made ready where batches are stored one after the other", async () => {
    const { acceptor, writings } = open(false);
    const calls = [500, 499, 500].map((count) => acceptor.acceptMany(creates(count)));
    await turns();
    expect(sizes(writings)).to.deep.equal([500, 500]);
    finish(writings);
    await turns();
    expect(sizes(writings)).to.deep.equal([500, 500, 499]);
    finish(writings);
    await Promise.all(calls);
  });

  it("begins a second batch before it is full where both are stored at once", async () => {
    const { acceptor, writings } = open(true);
    const calls = [500, 128, 127].map((count) => acceptor.acceptMany(creates(count)));
    await turns();
    expect(sizes(writings)).to.deep.equal([500, 255]);
    finish(writings);
    await Promise.all(calls);
  });

  it("tells the store which creates came many in one call", async () => {
    const { acceptor, writings } = open(false);
    const [single] = creates(1) as [CreateWithPin];
    const calls = [acceptor.acceptMany(creates(2)), acceptor.accept(single.create, undefined)];
    await turns();
    expect(writings.map(({ batch, bulk }) => [batch.length, bulk])).to.deep.equal([
      [2, true],
      [1, false],
    ]);
    finish(writings);
    await Promise.all(calls);
  });

  it("refuses a call that there is no room for, whole", async () => {
    const { acceptor, writings } = open(false);
    const calls = Array.from({ length: 20 }, () => acceptor.acceptMany(creates(1000)));
    const refused = await rejection(acceptor.acceptMany(creates(1)));
    expect(refused).to.deep.include({ reason: "OVERLOADED" });
    let finished = 0;
    while (finished < 40) {
      await turns();
      for (; finished < writings.length; finished += 1) writings[finished]?.finish();
    }
    await Promise.all(calls);
    expect(sizes(writings)).to.deep.equal(Array(40).fill(500));
  });

  it("has resets wait for one another, and drops those that nobody waits for any more", async () => {
    const { acceptor, resetting } = open(false);
    const gone = new Error("gone");
    const waiters = [{ gone: undefined }, { gone }, { gone: undefined }];
    const calls = waiters.map((waiter) => acceptor.reset(RESET, waiter));
    const dropped = rejection(present(calls[1]));
    await turns();
    expect(resetting).to.have.length(1);
    resetting[0]?.();
    await turns();
    expect(resetting).to.have.length(2);
    resetting[1]?.();
    expect(await dropped).to.equal(gone);
    await acceptor.idle();
    expect(resetting).to.have.length(2);
  });

  it("refuses a reset that there is no room for", async () => {
    const { acceptor } = open(false);
    for (let i = 0; i < 1000; i += 1) void acceptor.reset(RESET);
    const refused = await rejection(acceptor.reset(RESET));
    expect(refused).to.deep.include({ reason: "OVERLOADED" });
  });
});
