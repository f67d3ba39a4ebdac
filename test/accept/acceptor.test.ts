import { expect } from "chai";
import { pino } from "pino";
import { Acceptor } from "../../src/accept/acceptor.js";
import type { CreateWithPin } from "../../src/requests/create-request.js";
import type { Acceptance, AcceptContext, Accepted } from "../../src/store/request-store.js";
import { acceptance } from "../conformance/store/creates.js";
import { rejection } from "../secrets/rejection.js";
import { takes } from "../support/provider-rules.js";

const REFUSED: Accepted = {
  kind: "refused",
  faults: [{ reason: "SMARTCARD_NOT_FOUND", description: "no smartcard has this id" }],
};

interface Writing {
  readonly batch: readonly Acceptance[];
  readonly bulk: AcceptContext["bulk"];
  readonly finish: () => void;
}

/** An acceptor over a store that finishes a batch when it is told to. */
function open(sideBySide: boolean) {
  const writings: Writing[] = [];
  const unused = async () => {
    throw new Error("not asked for in these tests");
  };
  const acceptor = new Acceptor({
    store: {
      sideBySide,
      accept: (batch, { bulk }) =>
        new Promise((resolve) => {
          writings.push({ batch, bulk, finish: () => resolve(batch.map(() => REFUSED)) });
        }),
      reset: unused,
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
  return { acceptor, writings };
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
});
