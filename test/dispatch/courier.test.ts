import { expect } from "chai";
import pino from "pino";
import type { CaSession, Delivery } from "../../src/adapters/ca-adapter.js";
import { Courier } from "../../src/dispatch/courier.js";
import type { ResultWriter } from "../../src/dispatch/result-writer.js";
import type { SendMarks } from "../../src/dispatch/send-marks.js";
import { systemClock } from "../../src/requests/clock.js";
import type { ClaimedHead, DispatchStore } from "../../src/store/dispatch-store.js";
import { claimedHead as head } from "./claimed-head.js";

const ACCEPTED: Delivery = { outcome: { kind: "accepted", reference: "R-1" } };
const USED: Delivery = { outcome: { kind: "transaction_used", text: "another body" } };

/** A courier with one open session; answers and commits come when the test says so. */
function stage({ window = 10 } = {}) {
  const sent: number[] = [];
  const answers: ((delivery: Delivery) => void)[] = [];
  const commits: ((successor?: ClaimedHead) => void)[] = [];
  /** For each result, whether its lane may go on. */
  const mayGoOn: boolean[] = [];
  const written: string[] = [];
  const session: CaSession = {
    window,
    lastTransaction: 0,
    retired: new Promise(() => undefined),
    closed: new Promise(() => undefined),
    send: ({ transaction }) => {
      sent.push(transaction);
      return new Promise((resolve) => answers.push(resolve));
    },
    close: async () => undefined,
  };
  const results: Pick<ResultWriter, "write"> = {
    write: (result, askSuccession) => {
      written.push(result.kind);
      mayGoOn.push(askSuccession !== undefined);
      return new Promise((resolve) =>
        commits.push((successor) =>
          resolve({ date: 1, laneGone: successor === undefined, result, successor }),
        ),
      );
    },
  };
  const store: Pick<DispatchStore, "renumber"> = {
    renumber: () => Promise.reject(new Error("the database is gone")),
  };
  const done: number[] = [];
  const courier = new Courier({
    provider: "alpha",
    incarnation: "instance-1",
    maySend: () => true,
    verdicts: () => ({ maxAttempts: 10, backoff: { baseMs: 1, maxMs: 1 } }),
    paced: () => false,
    store: store as DispatchStore,
    results: results as ResultWriter,
    marks: {} as SendMarks,
    askSuccession: () => undefined,
    serviceCode: () => undefined,
    unseal: (pin) => pin,
    clock: systemClock,
    random: () => 0,
    log: pino({ level: "silent" }),
    onDone: ({ head: { number } }) => done.push(number),
  });
  courier.sessions.add(session);
  return { courier, sent, answers, commits, written, mayGoOn, done };
}

const RUN = { id: "run-1", definition: "default" };

/** Lets everything happen that needs no input from outside. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("Courier", () => {
  it("keeps a card's next head in hand when the result of the one before it is told late", async () => {
    const { courier, answers, commits, done } = stage();
    courier.take([head(1)], undefined, undefined);
    answers[0]?.(ACCEPTED);
    await turn();
    // Its result is on disk, so the lane is free and has been claimed anew; nobody was told yet.
    courier.take([head(2)], undefined, undefined);
    commits[0]?.();
    await turn();
    expect(courier.cards()).to.deep.equal(["000000000001"]);
    answers[1]?.(ACCEPTED);
    await turn();
    commits[1]?.();
    await turn();
    expect(courier.cards()).to.deep.equal([]);
    expect(done).to.deep.equal([1, 2]);
  });

  it("tells which claims have no head in hand any more, until they are forgotten", async () => {
    const { courier, answers, commits } = stage();
    courier.take([head(1, "card-1"), head(2, "card-2")], undefined, 7);
    courier.take([head(3, "card-3")], undefined, undefined);
    const finish = async (i: number) => {
      answers[i]?.(ACCEPTED);
      await turn();
      commits[i]?.();
      await turn();
      return courier.claims.ended;
    };
    expect(await finish(0)).to.deep.equal([]);
    expect(await finish(1)).to.deep.equal([7]);
    expect(await finish(2)).to.deep.equal([7]);
    courier.claims.forgotten([7]);
    expect(courier.claims.ended).to.deep.equal([]);
  });

  it("sends the next head of a lane that went on, under the same claim", async () => {
    const { courier, sent, answers, commits, done } = stage();
    courier.take([head(1)], RUN, 7);
    answers[0]?.(ACCEPTED);
    await turn();
    commits[0]?.(head(2));
    await turn();
    expect(sent).to.deep.equal([1, 2]);
    expect([courier.cards(), courier.inHand]).to.deep.equal([["000000000001"], 1]);
    expect(courier.claims.ended).to.deep.equal([]);
    answers[1]?.(ACCEPTED);
    await turn();
    commits[1]?.();
    await turn();
    expect(courier.claims.ended).to.deep.equal([7]);
    expect(done).to.deep.equal([1, 2]);
  });

  it("gives the next head of a lane back that went on during a stop", async () => {
    const { courier, sent, answers, commits, written } = stage();
    courier.take([head(1)], RUN, 7);
    const stopped = courier.stop();
    answers[0]?.(ACCEPTED);
    await turn();
    commits[0]?.(head(2));
    await turn();
    commits[1]?.();
    await stopped;
    expect(sent).to.deep.equal([1]);
    expect(written).to.deep.equal(["finish", "release"]);
    expect([courier.inHand, ...courier.claims.ended]).to.deep.equal([0, 7]);
  });

  it("lets lanes go on after heads of runs only, and not after late answers or heads given back", async () => {
    const { courier, answers, mayGoOn } = stage();
    courier.take([head(1, "card-1")], RUN, undefined);
    courier.take([head(2, "card-2")], undefined, undefined);
    courier.take([{ ...head(3, "card-3"), processImmediately: true }], RUN, undefined);
    for (const answer of answers) answer(ACCEPTED);
    await turn();
    void courier.late({ head: head(4, "card-4"), run: RUN, executedDate: 1 }, ACCEPTED);
    courier.take([head(5, "card-5")], RUN, undefined);
    answers[3]?.({ outcome: { kind: "unavailable", text: "the session is full" } });
    await turn();
    expect(mayGoOn).to.deep.equal([true, false, false, false, false]);
  });

  it("tells everyone who has stopped it that nothing is in hand any more", async () => {
    const { courier, answers, commits } = stage();
    courier.take([head(1)], undefined, undefined);
    const stops = [courier.stop(), courier.stop()];
    answers[0]?.(ACCEPTED);
    await turn();
    commits[0]?.();
    const told = await Promise.race([Promise.all(stops).then(() => "all"), turn().then(() => "")]);
    expect(told).to.equal("all");
  });

  it("sends an urgent head before those that were claimed earlier and still wait", async () => {
    const { courier, sent, answers } = stage({ window: 1 });
    courier.take([head(1, "card-1"), head(2, "card-2"), head(3, "card-3")], undefined, undefined);
    courier.take([{ ...head(4, "card-4"), urgent: true }], undefined, undefined);
    for (let i = 0; i < 3; i += 1) {
      answers[i]?.(ACCEPTED);
      await turn();
    }
    expect(sent).to.deep.equal([1, 4, 2, 3]);
  });

  it("gives a command back that the database has no new number for, and does not send it again", async () => {
    const { courier, sent, answers, written } = stage();
    courier.take([head(1)], undefined, undefined);
    answers[0]?.(USED);
    await turn();
    expect(sent).to.deep.equal([1]);
    expect(written).to.deep.equal(["release"]);
  });
});
