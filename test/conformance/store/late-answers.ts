import { expect } from "chai";
import { onCards } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { INSTANCE, present, RUN, START, type StoreStage } from "./stage.js";

export function describeLateAnswers(stage: StoreStage): void {
  const reclaim = (transaction: number, provider = "alpha") =>
    stage.dispatch.reclaim(INSTANCE, provider, transaction);

  describe("answers that come late", () => {
    it("find the head that sleeps under their transaction, and may finish it", async () => {
      const [, next] = await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 60_000));
      const again = present(await reclaim(head.transactionNumber));
      expect(again).to.deep.equal({
        head: { ...head, claimNumber: 2, attempts: 1, tries: 1 },
        run: { id: RUN.id, definition: RUN.definition },
        executedDate: START,
      });
      expect((await stage.get(head.number)).lifeCycleState).to.equal("PROCESSING");
      expect(await stage.claim()).to.deep.include({ heads: [], nextWakeInMs: undefined });
      expect(await stage.apply(completed(again.head))).to.deep.equal([true]);
      expect(await stage.drain()).to.deep.equal([next?.number]);
    });

    it("find one that is ready to be sent again, which nobody then claims beside them", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      await stage.apply(released(head));
      const again = present(await reclaim(head.transactionNumber));
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.apply(deferred(again.head, 1000));
      expect((await stage.claim()).nextWakeInMs).to.equal(1000);
    });

    it("find nothing that is being sent, has ended, is elsewhere or was never sent", async () => {
      await stage.store(...onCards(3));
      const [sending, ended] = await stage.claimHeads({ limit: 2 });
      await stage.apply(completed(present(ended)));
      expect(await reclaim(present(sending).transactionNumber)).to.equal(undefined);
      expect(await reclaim(present(ended).transactionNumber)).to.equal(undefined);
      await stage.apply(deferred(present(sending), 1000));
      expect(await reclaim(present(sending).transactionNumber, "beta")).to.equal(undefined);
      expect(await reclaim(0)).to.equal(undefined);
      expect(await reclaim(3)).to.equal(undefined);
    });

    it("find nothing under a number that was replaced", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      const renumbered = present(await stage.dispatch.renumber(INSTANCE, head));
      await stage.apply(deferred(renumbered, 1000));
      expect(await reclaim(head.transactionNumber)).to.equal(undefined);
      expect((await reclaim(renumbered.transactionNumber))?.head.number).to.equal(head.number);
    });

    it("claim nothing for a process that is fenced", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 1000));
      await stage.execute("UPDATE incarnations SET fenced = true");
      expect(await reclaim(head.transactionNumber)).to.equal(undefined);
    });
  });

  describe("strays", () => {
    it("are freed but for the cards that are kept, and sent again under their numbers", async () => {
      await stage.store(...onCards(3), { card: "beta-0" });
      const heads = await stage.claimHeads();
      const beta = await stage.claimOne({ provider: "beta" });
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", ["ca-card-1"]);
      const [first, kept, last] = heads.map(present);
      const again = (head: typeof first) => ({ ...present(head), claimNumber: 2 });
      expect(await stage.claimHeads()).to.deep.equal([again(first), again(last)]);
      const results = [first, kept, last, beta].map((head) => completed(present(head)));
      expect(await stage.apply(...results)).to.deep.equal([false, true, false, true]);
    });

    it("are all that there is when nothing is kept, and of this process only", async () => {
      await stage.store(...onCards(2));
      await stage.claimHeads();
      await stage.dispatch.releaseStrays("instance-2", "alpha", []);
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.pass(5);
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", []);
      expect(await stage.execute("SELECT owner, since_date FROM lanes")).to.deep.equal([
        { owner: null, since_date: START + 5 },
        { owner: null, since_date: START + 5 },
      ]);
    });
  });
}
