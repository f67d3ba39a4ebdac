import { expect } from "chai";
import { completed, deferred, rejected, released } from "./results.js";
import { INSTANCE, START, type StoreStage } from "./stage.js";

export function describeCancelling(stage: StoreStage): void {
  const cancel = (number: number, reason?: string) =>
    stage.requests.cancel({ by: "number", value: number }, "desk", reason);

  describe("cancelling", () => {
    it("ends a pending head and gives its lane the next", async () => {
      const [head, next] = await stage.store({}, {});
      await stage.pass(1000);
      expect(await cancel(head?.number ?? 0, "a mistake")).to.deep.equal({ kind: "ended" });
      expect(await stage.get(head?.number ?? 0)).to.deep.include({
        lifeCycleState: "CANCELLED",
        errorDescription: "a mistake",
        errorCode: undefined,
        errorOrigin: undefined,
        attempts: 0,
        sequenceNumber: 0,
        executedDate: undefined,
        waitingFor: undefined,
        updatedBy: "desk",
        updatedDate: START + 1000,
      });
      expect(await stage.drain()).to.deep.equal([next?.number]);
    });

    it("ends one behind the head, which stays", async () => {
      const [head, behind, last] = await stage.store({}, {}, {});
      expect(await cancel(behind?.number ?? 0)).to.deep.equal({ kind: "ended" });
      expect(await stage.drain()).to.deep.equal([head?.number, last?.number]);
    });

    it("takes the rank of an urgent one back from its lane, and only that", async () => {
      const [head, express, immediate] = await stage.store(
        {},
        { priority: "EXPRESS" },
        { processImmediately: true },
      );
      const [other] = await stage.store({ card: "card-1", priority: "EXPRESS" });
      const urgent = async () =>
        (await stage.claimHeads({ run: undefined })).map(({ number }) => number);
      await cancel(immediate?.number ?? 0);
      expect(await urgent()).to.deep.equal([]);
      const claimed = (await stage.claimHeads({ limit: 1 })).map(({ number }) => number);
      expect(claimed).to.deep.equal([head?.number]);
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", []);
      await cancel(express?.number ?? 0);
      const [first] = await stage.claimHeads({ limit: 1 });
      expect(first?.number).to.equal(other?.number);
    });

    it("ends one behind a head that is being sent", async () => {
      const [, behind] = await stage.store({}, {});
      const head = await stage.claimOne();
      expect(await cancel(behind?.number ?? 0)).to.deep.equal({ kind: "ended" });
      expect(await stage.apply(completed(head))).to.deep.equal([true]);
      await stage.expectNoWork();
    });

    it("ends a scheduled one", async () => {
      const { number } = await stage.storeOne({ scheduledDate: START + 60_000 });
      expect(await cancel(number)).to.deep.equal({ kind: "ended" });
      await stage.expectNoWork();
    });

    it("ends the last of a lane, and the lane with it", async () => {
      await cancel((await stage.storeOne({})).number);
      await stage.expectNoWork();
      const { number } = await stage.storeOne({});
      expect(await stage.drain()).to.deep.equal([number]);
    });

    it("ends a head that backs off, and keeps what is known of its sendings", async () => {
      const [first, next] = await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 60_000));
      expect(await cancel(first?.number ?? 0)).to.deep.equal({ kind: "ended" });
      expect(await stage.get(head.number)).to.deep.include({
        lifeCycleState: "CANCELLED",
        attempts: 1,
        sequenceNumber: head.sequenceNumber,
        transactionNumber: head.transactionNumber,
        executedDate: START,
      });
      expect(await stage.drain()).to.deep.equal([next?.number]);
    });

    it("starts the next head afresh", async () => {
      const [, next] = await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 60_000));
      await cancel(head.number);
      expect(await stage.claimOne()).to.deep.include({
        number: next?.number,
        sequenceNumber: head.sequenceNumber + 1,
        attempts: 0,
        tries: 0,
      });
    });

    it("does not end what is being sent", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      expect(await cancel(head.number)).to.deep.equal({ kind: "not_allowed", state: "PROCESSING" });
      await stage.apply(released(head));
      expect(await cancel(head.number)).to.deep.equal({ kind: "ended" });
    });

    it("does not end what has ended", async () => {
      await stage.store({}, { card: "card-1" });
      const [first, second] = await stage.claimHeads();
      if (first === undefined || second === undefined) throw new Error("two heads are missing");
      await stage.apply(completed(first), rejected(second));
      expect(await cancel(first.number)).to.deep.equal({ kind: "not_allowed", state: "COMPLETED" });
      expect(await cancel(second.number)).to.deep.equal({ kind: "not_allowed", state: "REJECTED" });
    });

    it("takes a second time for done, and keeps the first one's reason", async () => {
      const { number } = await stage.storeOne({});
      await cancel(number, "first");
      expect(await cancel(number, "second")).to.deep.equal({ kind: "already" });
      expect((await stage.get(number)).errorDescription).to.equal("first");
    });

    it("knows requests by id, and not those that are not there", async () => {
      const { id, number } = await stage.storeOne({});
      const by = (value: string) => stage.requests.cancel({ by: "id", value }, "desk", undefined);
      expect(await cancel(number + 1)).to.deep.equal({ kind: "not_found" });
      expect(await by(String(number))).to.deep.equal({ kind: "not_found" });
      expect(await by(id)).to.deep.equal({ kind: "ended" });
    });
  });
}
