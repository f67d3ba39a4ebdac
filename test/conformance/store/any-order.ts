import { expect } from "chai";
import fc from "fast-check";
import type { ClaimedHead, HeadResult } from "../../../src/store/dispatch-store.js";
import { anyWork, CARDS, type Step } from "./any-work.js";
import type { Create } from "./creates.js";
import { Model } from "./model.js";
import { completed, deferred, rejected, released } from "./results.js";
import { INSTANCE, present, RUN, type StoreStage, stored } from "./stage.js";

const SEED = 20_150_907;

export function describeAnyOrder(stage: StoreStage): void {
  describe("whatever happens in whatever order", () => {
    it("nothing overtakes, ends twice, shares a transaction, is held up or lost", async () => {
      let wentOn = 0;
      await fc.assert(
        fc.asyncProperty(anyWork, async (steps) => {
          await stage.reset();
          const player = new Player(stage);
          for (const step of steps) await player.play(step);
          await player.finish();
          wentOn += player.wentOn;
        }),
        { seed: SEED, numRuns: 25 },
      );
      expect(wentOn, "lanes that went on").to.be.above(25);
    }).timeout(120_000);
  });
}

/** Does each step to the store and to the model, and compares. */
class Player {
  readonly #model: Model;
  readonly #heads: ClaimedHead[] = [];
  /** How often a lane went on to its next head. */
  wentOn = 0;

  constructor(private readonly stage: StoreStage) {
    this.#model = new Model(stage.now);
  }

  async play(step: Step): Promise<void> {
    switch (step.kind) {
      case "accept":
        return await this.#accept(step);
      case "claim":
        return await this.#claim(step.limit);
      case "apply":
        return await this.#apply(step);
      case "renumber":
        return await this.#renumber(step.pick);
      case "cancel":
        return await this.#cancel(step.pick);
      case "expire":
        return await this.#expire();
      case "clock":
        return await this.#setClock(this.#model.now + step.byMs);
    }
  }

  /** Lets everything end, and looks at what is left. */
  async finish(): Promise<void> {
    await this.#setClock(this.#model.now + 10_000);
    for (;;) {
      await this.#claim(100);
      if (this.#heads.length === 0) break;
      while (this.#heads.length > 0) {
        await this.#apply({
          kind: "apply",
          pick: 0,
          result: "complete",
          last: false,
          goesOn: this.#heads.length % 2 === 1,
          delayMs: 0,
        });
      }
    }
    expect(this.#model.open()).to.deep.equal([]);
    await this.stage.expectNoWork();
    await this.stage.expectSound();
    for (const { number, state } of this.#model.known.values()) {
      expect((await this.stage.get(number)).lifeCycleState).to.equal(state);
    }
  }

  async #setClock(now: number): Promise<void> {
    await this.stage.setClock(now);
    this.#model.setClock(now);
  }

  async #accept(step: Extract<Step, { kind: "accept" }>): Promise<void> {
    const { now } = this.#model;
    const creates = step.creates.map(
      ({ card, dueInMs, expiresInMs, urgency }): Create => ({
        card: `card-${card % CARDS}`,
        processImmediately: urgency === "IMMEDIATE",
        priority: urgency === "EXPRESS" ? "EXPRESS" : "REGULAR",
        scheduledDate: dueInMs === undefined || urgency === "IMMEDIATE" ? undefined : now + dueInMs,
        expireDate: expiresInMs === undefined ? undefined : now + expiresInMs,
      }),
    );
    const accepted = (await this.stage.accept(creates, { places: { alpha: step.places } })).map(
      stored,
    );
    for (const [i, { request }] of accepted.entries()) {
      this.#model.accepted(request.number, {
        card: request.smartcard.id,
        dueDate: creates[i]?.scheduledDate ?? 0,
        expireDate: request.expireDate,
      });
    }
    for (const { claimed } of accepted) if (claimed !== undefined) this.#take(claimed);
  }

  async #claim(limit: number): Promise<void> {
    const must = this.#model.mustClaim();
    const { heads } = await this.stage.claim({ limit });
    for (const head of heads) this.#take(head);
    const cards = heads.map((head) => this.#model.get(head.number).card);
    if (limit >= CARDS) expect(cards, "cards with a head to claim").to.include.members(must);
    else expect(cards.length).to.be.at.least(Math.min(limit, must.length));
  }

  #take(head: ClaimedHead): void {
    this.#model.claimed(head);
    this.#heads.push(head);
  }

  async #apply(step: Extract<Step, { kind: "apply" }>): Promise<void> {
    const head = this.#heads[step.pick % Math.max(1, this.#heads.length)];
    if (head === undefined) return;
    if (step.result === "stale") {
      const stale = { ...head, claimNumber: head.claimNumber - 1 };
      expect(await this.#finishLast(completed(stale))).to.equal(false);
      expect(await this.stage.apply(completed(stale))).to.deep.equal([false]);
      return;
    }
    const results = {
      complete: completed(head),
      reject: rejected(head),
      defer: deferred(head, step.delayMs),
      release: released(head),
    } satisfies Record<typeof step.result, HeadResult>;
    const result = results[step.result];
    const last =
      result.kind === "finish" && this.#model.open(this.#model.get(head.number).card).length === 1;
    if (result.kind === "finish" && step.last) {
      expect(await this.#finishLast(result)).to.equal(last);
    }
    const successor = step.last && last ? undefined : await this.#applied(result, step.goesOn);
    this.#heads.splice(this.#heads.indexOf(head), 1);
    const request = this.#model.get(head.number);
    request.state = "open";
    request.wakeDate = step.result === "defer" ? this.#model.now + step.delayMs : 0;
    if (step.result === "complete") request.state = "COMPLETED";
    if (step.result === "reject") request.state = "REJECTED";
    if (successor === undefined) return;
    expect(result.kind).to.equal("finish");
    expect(successor.caId).to.equal(head.caId);
    this.#take(successor);
    this.wentOn += 1;
  }

  /** Writes the result; the next head of its lane, if that has gone on. */
  async #applied(result: HeadResult, goesOn: boolean): Promise<ClaimedHead | undefined> {
    const succession = { provider: "alpha", providerVersion: 1, runId: RUN.id };
    const { applied, successors } = await this.stage.dispatch.apply(
      INSTANCE,
      [result],
      goesOn ? [succession] : [],
    );
    expect(applied).to.deep.equal([true]);
    return successors?.get(result.head.number);
  }

  async #finishLast(result: Extract<HeadResult, { kind: "finish" }>): Promise<boolean> {
    const { applied } = await this.stage.dispatch.finishLast(INSTANCE, [result]);
    return present(applied[0]);
  }

  async #renumber(pick: number): Promise<void> {
    const place = pick % Math.max(1, this.#heads.length);
    const head = this.#heads[place];
    if (head === undefined) return;
    const renumbered = await this.stage.dispatch.renumber(INSTANCE, head);
    if (renumbered === undefined) throw new Error("a claim that stands was not renumbered");
    this.#heads[place] = renumbered;
    this.#model.numbered(renumbered);
  }

  async #cancel(pick: number): Promise<void> {
    const all = [...this.#model.known.values()];
    const request = all[pick % Math.max(1, all.length)];
    if (request === undefined) return;
    const { kind } = await this.stage.requests.cancel(
      { by: "number", value: request.number },
      "desk",
      undefined,
    );
    const expected = { open: "ended", CANCELLED: "already" } as Record<string, string>;
    expect(kind).to.equal(expected[request.state] ?? "not_allowed");
    if (kind === "ended") request.state = "CANCELLED";
  }

  async #expire(): Promise<void> {
    const must = this.#model.mustExpire();
    expect((await this.stage.dispatch.expire(100)).numbers).to.have.members(must);
    for (const number of must) this.#model.get(number).state = "REJECTED";
  }
}
