import { expect } from "chai";
import { onCards } from "./creates.js";
import { completed, rejected } from "./results.js";
import { INSTANCE, present, type StoreStage } from "./stage.js";

export function describeFinishingLast(stage: StoreStage): void {
  const finishLast = async (...results: ReturnType<typeof completed>[]) =>
    (await stage.dispatch.finishLast(INSTANCE, results)).applied;

  describe("finishing the last of lanes", () => {
    it("ends requests with all that is told of them, and leaves no lane", async () => {
      await stage.store(...onCards(2));
      const [a, b] = await stage.claimHeads({ limit: 2 });
      expect(present(a).depth).to.equal(1);
      expect(await finishLast(completed(present(a)), rejected(present(b)))).to.deep.equal([
        true,
        true,
      ]);
      expect(await stage.get(present(a).number)).to.include({
        lifeCycleState: "COMPLETED",
        referenceNumber: `R-${a?.number}`,
        request: "sent",
        transactionNumber: present(a).transactionNumber,
      });
      expect(await stage.get(present(b).number)).to.include({
        lifeCycleState: "REJECTED",
        errorCode: "2",
      });
      await stage.expectNoWork();
    });

    it("says the date that the outcomes have", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      const { date } = await stage.dispatch.finishLast(INSTANCE, [completed(head)]);
      expect((await stage.get(head.number)).updatedDate).to.equal(date);
    });

    it("passes over a head that something waits behind, though it came after the claim", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      const [next] = await stage.store({});
      expect(await finishLast(completed(head))).to.deep.equal([false]);
      expect((await stage.get(head.number)).lifeCycleState).to.equal("PROCESSING");
      expect(await stage.apply(completed(head))).to.deep.equal([true]);
      expect(await stage.drain()).to.deep.equal([next?.number]);
    });

    it("finishes a head again whose followers were cancelled meanwhile", async () => {
      const [, second] = await stage.store({}, {});
      const head = await stage.claimOne();
      expect(head.depth).to.equal(2);
      const value = present(second).number;
      await stage.requests.cancel({ by: "number", value }, "desk", undefined);
      expect(await finishLast(completed(head))).to.deep.equal([true]);
      await stage.expectNoWork();
    });

    it("tells two results of one request apart by their claims", async () => {
      await stage.store({});
      const first = await stage.claimOne();
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", []);
      const again = await stage.claimOne();
      const results = [completed(first), completed(again)];
      expect(await finishLast(...results)).to.deep.equal([false, true]);
      await stage.expectNoWork();
    });

    it("writes nothing of a claim that is no longer the one", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      const older = { ...head, claimNumber: head.claimNumber - 1 };
      expect(await finishLast(completed(older))).to.deep.equal([false]);
      const other = await stage.dispatch.finishLast("instance-2", [completed(head)]);
      expect(other.applied).to.deep.equal([false]);
      expect(await finishLast(completed(head))).to.deep.equal([true]);
      expect(await finishLast(completed(head))).to.deep.equal([false]);
    });
  });
}
