import { expect } from "chai";
import type { ClaimedHead, HeadResult, Succession } from "../../../src/store/dispatch-store.js";
import { type Create, onCards } from "./creates.js";
import { completed, deferred, rejected } from "./results.js";
import { INSTANCE, LEASE_MS, MANY, present, RUN, START, type StoreStage } from "./stage.js";

/** Lanes that go on to their next heads as the results of their last ones are written. */
export function describeGoingOn(stage: StoreStage): void {
  const SUCCESSION: Succession = { provider: "alpha", providerVersion: 1, runId: RUN.id };

  /** Writes results; the heads that the lanes went on to. */
  const goOn = async (
    results: readonly HeadResult[],
    asked: readonly Succession[] = [SUCCESSION],
  ): Promise<ClaimedHead[]> => {
    const { applied, successors } = await stage.dispatch.apply(INSTANCE, results, asked);
    expect(applied).not.to.include(false);
    return [...(successors?.values() ?? [])];
  };
  /** Nothing went on, and a claim finds what comes next. */
  const claimFree = async (went: readonly ClaimedHead[], next: number | undefined, version = 1) => {
    expect(went).to.deep.equal([]);
    const head = await stage.claimOne({ providerVersion: version });
    expect(head.number).to.equal(next);
    return head;
  };
  const numbersOf = async (creates: readonly Create[]) =>
    (await stage.store(...creates)).map(({ number }) => number);

  describe("lanes that go on with a result", () => {
    it("have their next head claimed, with all that an adapter needs", async () => {
      await stage.store({});
      const pin = await stage.storeOne({
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
      });
      const first = await stage.claimOne();
      await stage.pass(5);
      const [next] = await goOn([completed(first)]);
      expect(next).to.deep.equal({
        ...first,
        number: pin.number,
        id: pin.id,
        claimNumber: first.claimNumber + 1,
        sequenceNumber: 2,
        transactionNumber: 2,
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
        depth: 1,
      });
      expect(await stage.get(pin.number)).to.deep.include({
        lifeCycleState: "PROCESSING",
        sequenceNumber: 2,
        transactionNumber: 2,
        processName: RUN.definition,
        processId: RUN.id,
        executedDate: undefined,
        waitingFor: undefined,
      });
      expect((await stage.get(first.number)).lifeCycleState).to.equal("COMPLETED");
      expect(await stage.claimHeads()).to.deep.equal([]);
    });

    it("go through all that waits, in order, each counted in the run", async () => {
      const numbers = await numbersOf([{}, {}, {}, {}]);
      const sent: ClaimedHead[] = [];
      for (let head: ClaimedHead | undefined = await stage.claimOne(); head !== undefined; ) {
        sent.push(head);
        [head] = await goOn([sent.length === 2 ? rejected(head) : completed(head)]);
      }
      expect(sent.map(({ number }) => number)).to.deep.equal(numbers);
      expect(sent.map(({ sequenceNumber }) => sequenceNumber)).to.deep.equal([1, 2, 3, 4]);
      expect(sent.map(({ depth }) => depth)).to.deep.equal([4, 3, 2, 1]);
      expect(await stage.execute("SELECT selected, completed, rejected FROM runs")).to.deep.equal([
        { selected: 4, completed: 3, rejected: 1 },
      ]);
      await stage.expectNoWork();
    });

    it("are as a claim leaves them: found by their owner, freed with it", async () => {
      const cards = onCards(MANY + 1);
      await stage.store(...cards, ...cards);
      const heads = [...(await stage.claimHeads({ limit: MANY })), ...(await stage.claimHeads())];
      const went = await goOn(heads.map((head) => completed(head)));
      expect(went).to.have.lengthOf(MANY + 1);
      const kept = present(went[0]);
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", [kept.caId]);
      const again = await stage.claimHeads();
      const key = ({ caId, transactionNumber }: ClaimedHead) => `${caId} ${transactionNumber}`;
      expect(again.map(key)).to.have.members(went.filter((one) => one !== kept).map(key));
      await stage.pass(LEASE_MS + 1);
      await stage.dispatch.register("instance-2", "another", LEASE_MS);
      expect((await stage.dispatch.takeOver("instance-2")).lanes).to.equal(MANY + 1);
      expect(await stage.apply(completed(kept))).to.deep.equal([false]);
    });

    it("take no result of the claim before", async () => {
      await stage.store({}, {}, {});
      const first = await stage.claimOne();
      const [next] = await goOn([completed(first)]);
      for (const head of [first, { ...present(next), claimNumber: first.claimNumber }]) {
        expect(await stage.apply(completed(head))).to.deep.equal([false]);
      }
      expect(await stage.apply(completed(present(next)))).to.deep.equal([true]);
    });

    it("say that they are urgent while an EXPRESS request waits behind", async () => {
      const [, second] = await numbersOf([{}, {}, { priority: "EXPRESS" }]);
      const [next] = await goOn([completed(await stage.claimOne())]);
      expect([next?.number, next?.urgent]).to.deep.equal([second, true]);
      const [express] = await goOn([completed(present(next))]);
      expect([express?.number, express?.urgent]).to.deep.equal([(second ?? 0) + 1, true]);
    });

    it("let nothing that comes later go before them, whatever the clock says", async () => {
      await stage.store({});
      await stage.pass(1000);
      const [second] = await numbersOf([{}]);
      const [next] = await goOn([completed(await stage.claimOne())]);
      expect(next?.number).to.equal(second);
      await stage.setClock(START);
      const [third] = await numbersOf([{}]);
      await stage.apply(deferred(present(next), 0));
      expect(await stage.drain()).to.deep.equal([second, third]);
    });

    it("sleep where what comes next is for later", async () => {
      const [, later] = await numbersOf([{}, { scheduledDate: START + 1000 }]);
      expect(await goOn([completed(await stage.claimOne())])).to.deep.equal([]);
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.pass(1000);
      expect((await stage.claimOne()).number).to.equal(later);
    });

    it("go free for an immediate request, which counts in no run", async () => {
      const [, second] = await numbersOf([{}, { processImmediately: true }]);
      await claimFree(await goOn([completed(await stage.claimOne())]), second);
    });

    it("go free after a head of another run, or of none", async () => {
      const [, second, third] = await numbersOf([{}, {}, {}]);
      let head = await stage.claimOne();
      head = await claimFree(await goOn([completed(head, { processId: undefined })]), second);
      await claimFree(await goOn([completed(head, { processId: "run-2" })]), third);
    });

    it("go free at another provider, and under another version of their own", async () => {
      const [, second, third] = await numbersOf([{}, {}, {}]);
      const other = { ...SUCCESSION, provider: "beta" };
      const head = await claimFree(
        await goOn([completed(await stage.claimOne())], [other]),
        second,
      );
      await stage.execute("UPDATE providers SET version = 2 WHERE name = 'alpha'");
      await claimFree(await goOn([completed(head)]), third, 2);
    });

    it("go free in a pause, and where the provider is not effective or has no slot here", async () => {
      const refusals = [
        "UPDATE dispatch SET paused_from = 0, paused_until = 9000000000000",
        "UPDATE providers SET life_cycle_state = 'NOT_EFFECTIVE'",
        "UPDATE session_slots SET owner = NULL",
        "UPDATE incarnations SET fenced = true",
      ];
      await stage.store(...refusals.map(() => ({})), {});
      let head = await stage.claimOne();
      for (const refusal of refusals) {
        await stage.execute(refusal);
        expect(await goOn([completed(head)]), refusal).to.deep.equal([]);
        expect(await stage.execute("SELECT owner FROM lanes")).to.deep.equal([{ owner: null }]);
        await stage.reset();
        await stage.store(...refusals.map(() => ({})), {});
        head = await stage.claimOne();
      }
    });

    it("go on beside lanes that end, sleep or go back, each as its own result says", async () => {
      await stage.store(...onCards(4), { card: "card-0" }, { card: "card-1" });
      await stage.store({ card: "card-2", scheduledDate: START + 1000 });
      const [a, b, c, d] = await stage.claimHeads();
      const went = await goOn([
        completed(present(a)),
        deferred(present(b), 50),
        completed(present(c)),
        completed(present(d)),
      ]);
      expect(went.map(({ caId }) => caId)).to.deep.equal(["ca-card-0"]);
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.pass(1000);
      const awake = await stage.claimHeads();
      expect(awake.map(({ caId }) => caId)).to.have.members(["ca-card-1", "ca-card-2"]);
      const { selected, ...ended } = present((await stage.execute("SELECT * FROM runs"))[0]);
      expect(selected).to.equal(7);
      expect(ended).to.deep.include({ completed: 3, deferred: 1 });
    });

    it("reserve their numbers: those of claims between go on after them", async () => {
      await stage.store(...onCards(2), ...onCards(2));
      const [a, b] = await stage.claimHeads();
      expect((await goOn([completed(present(a))])).map((one) => one.sequenceNumber)).to.deep.equal([
        3,
      ]);
      await stage.store({ card: "card-2" });
      expect((await stage.claimOne()).sequenceNumber).to.equal(4);
      const [last] = await goOn([completed(present(b))]);
      expect(last?.sequenceNumber).to.equal(5);
    });
  });
}
