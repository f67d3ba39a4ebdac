import { expect } from "chai";
import fc from "fast-check";
import type { HandedOut, PullAnswer } from "../../../src/store/pull-store.js";
import { PullModel } from "./pull-model.js";
import { accepted, leased, type PullStage, refused, resetPulled, wordOf } from "./pull-stage.js";

const SEED = 20_261_126;
const CARDS = 3;

/** One thing that happens; `pick` chooses among what there is at the time. */
type Step =
  | { readonly kind: "create"; readonly cards: readonly { card: number; mail: boolean }[] }
  | { readonly kind: "claim"; readonly limit: number; readonly leaseMs: number }
  | {
      readonly kind: "answer";
      readonly answers: readonly { pick: number; say: "yes" | "otherwise" | "no" }[];
    }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "end" }
  | { readonly kind: "clock"; readonly byMs: number };

const pick = fc.nat(50);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("create" as const),
      cards: fc.array(
        fc.record({
          card: fc.nat(CARDS - 1),
          mail: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("claim" as const),
      limit: fc.constantFrom(1, 50, 50),
      leaseMs: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      answers: fc.array(
        fc.record({ pick, say: fc.constantFrom("yes", "yes", "otherwise", "no" as const) }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("end" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("clock" as const),
      byMs: fc.integer({ min: 0, max: 250 }),
    }),
  },
);

export function describeAnyPulling(pull: PullStage): void {
  describe("whatever loops do", () => {
    it("nothing is lost, doubled, out of its lane's order or handed out twice at once", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 45 }), async (steps) => {
          await pull.stage.reset();
          await resetPulled(pull.stage.database);
          const player = new Player(pull);
          for (const one of steps) await player.play(one);
          await player.finish();
        }),
        { seed: SEED, numRuns: 25 },
      );
    }).timeout(120_000);
  });
}

/** Does each step to the store and to the model, and compares. A crash of a loop is an answer less. */
class Player {
  readonly #model: PullModel;

  constructor(private readonly pull: PullStage) {
    this.#model = new PullModel(pull.stage.now);
  }

  async play(one: Step): Promise<void> {
    switch (one.kind) {
      case "create":
        return await this.#create(one.cards);
      case "claim":
        await this.#claim(one.limit, one.leaseMs);
        return;
      case "answer":
        return await this.#answer(one.answers.map(({ pick, say }) => this.#answerTo(pick, say)));
      case "cancel":
        return await this.#cancel(one.pick);
      case "end":
        return await this.#end();
      case "clock":
        return await this.#clock(one.byMs);
    }
  }

  /** Lets a loop that never fails carry out what is left, and looks at it all. */
  async finish(): Promise<void> {
    await this.#clock(10_000);
    await this.#end();
    for (;;) {
      const handedOut = await this.#claim(50, 1000);
      if (handedOut.length === 0) break;
      await this.#answer(handedOut.map(({ head }) => accepted(head.number)));
    }
    expect(this.#model.open()).to.deep.equal([]);
    await this.pull.stage.expectNoWork();
    await this.pull.stage.expectSound();
    await this.pull.expectNoLeases();
    for (const { number, state } of this.#model.known) {
      expect((await this.pull.stage.get(number)).lifeCycleState).to.equal(state);
    }
  }

  async #create(cards: readonly { card: number; mail: boolean }[]): Promise<void> {
    const requests = await this.pull.create(...cards.map(({ card }) => card));
    for (const [i, request] of requests.entries()) {
      const mail = cards[i]?.mail === true;
      if (mail) await this.pull.makeMails(request);
      this.#model.created(request.number, request.smartcard.id, mail);
    }
  }

  async #claim(limit: number, leaseMs: number): Promise<readonly HandedOut[]> {
    const ready = this.#model.ready();
    const { handedOut, expireDate } = leased(await this.pull.claim({ limit, leaseMs }));
    for (const { head } of handedOut) this.#model.handedOut(head, expireDate);
    expect(handedOut).to.have.lengthOf(Math.min(limit, ready.length));
    return handedOut;
  }

  #answerTo(place: number, say: "yes" | "otherwise" | "no"): PullAnswer {
    const all = this.#model.known;
    const number = all[place % Math.max(1, all.length)]?.number ?? 1_000_000;
    if (say === "no") return refused(number);
    return say === "yes" ? accepted(number) : accepted(number, "another");
  }

  async #answer(answers: readonly PullAnswer[]): Promise<void> {
    const expected = answers.map((answer) => this.#model.answered(answer));
    expect((await this.pull.answer(...answers)).map(wordOf)).to.deep.equal(expected);
  }

  async #cancel(place: number): Promise<void> {
    const all = this.#model.known;
    const request = all[place % Math.max(1, all.length)];
    if (request === undefined) return;
    const { kind } = await this.pull.stage.requests.cancel(
      { by: "number", value: request.number },
      "desk",
      undefined,
    );
    expect(kind).to.equal(this.#model.cancelled(request));
  }

  async #end(): Promise<void> {
    const { unknown } = await this.pull.store.endLeases();
    expect(unknown).to.have.members(this.#model.endLeases());
  }

  async #clock(byMs: number): Promise<void> {
    await this.pull.stage.pass(byMs);
    this.#model.now += byMs;
  }
}
