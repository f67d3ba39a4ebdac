import { expect } from "chai";
import type { Create } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { START, type StoreStage } from "./stage.js";

const EXPIRES: Create = { expireDate: START + 1000 };

export function describeExpiring(stage: StoreStage): void {
  const expire = async (limit = 100) =>
    (await stage.dispatch.expire(limit)).numbers.toSorted((a, b) => a - b);

  describe("expire dates", () => {
    it("end a request when they are reached, and not before", async () => {
      const { number } = await stage.storeOne(EXPIRES);
      await stage.pass(999);
      expect(await expire()).to.deep.equal([]);
      await stage.pass(1);
      expect(await expire()).to.deep.equal([number]);
      expect(await stage.get(number)).to.deep.include({
        lifeCycleState: "REJECTED",
        errorCode: "EXPIRED",
        errorOrigin: "SERVICE",
        errorDescription: "its expire_date passed before it was sent",
        attempts: 0,
        sequenceNumber: 0,
        updatedBy: "service",
        updatedDate: START + 1000,
      });
      await stage.expectNoWork();
      expect(await expire()).to.deep.equal([]);
    });

    it("end heads, others of a lane, scheduled ones, and leave the rest in order", async () => {
      const made = await stage.store(
        EXPIRES,
        {},
        EXPIRES,
        { expireDate: START + 2000, scheduledDate: START + 1500 },
        { expireDate: START + 9000 },
        { ...EXPIRES, card: "card-1" },
      );
      const [a, b, c, d, e, f] = made.map((request) => request.number);
      await stage.pass(1000);
      expect(await expire()).to.deep.equal([a, c, f]);
      await stage.pass(1000);
      expect(await expire()).to.deep.equal([d]);
      expect(await stage.drain()).to.deep.equal([b, e]);
    });

    it("tell whose work may be ready now, each provider once", async () => {
      await stage.store(EXPIRES, EXPIRES, { ...EXPIRES, card: "beta-0" });
      await stage.pass(1000);
      const { providers } = await stage.dispatch.expire(100);
      expect(providers).to.have.members(["alpha", "beta"]);
      expect((await stage.dispatch.expire(100)).providers).to.deep.equal([]);
    });

    it("take the rank of an immediate one back from its lane", async () => {
      await stage.store({}, { ...EXPIRES, processImmediately: true });
      await stage.pass(1000);
      expect(await expire()).to.have.lengthOf(1);
      expect(await stage.claimHeads({ run: undefined })).to.deep.equal([]);
      expect(await stage.claimHeads()).to.have.lengthOf(1);
    });

    it("end as many as asked for, the longest expired first", async () => {
      const made = await stage.store(
        { expireDate: START + 3000 },
        { expireDate: START + 1000 },
        { expireDate: START + 2000, card: "card-1" },
      );
      const [last, first, second] = made.map((request) => request.number);
      await stage.pass(3000);
      expect(await expire(2)).to.deep.equal([first, second]);
      expect(await expire(2)).to.deep.equal([last]);
    });

    it("leave alone what is being sent, and do not hide it from the limit", async () => {
      const [, behind] = await stage.store(EXPIRES, { expireDate: START + 2000 });
      const head = await stage.claimOne();
      await stage.pass(2000);
      expect(await expire(1)).to.deep.equal([behind?.number]);
      expect(await expire(1)).to.deep.equal([]);
      expect(await stage.apply(completed(head))).to.deep.equal([true]);
    });

    it("say that it was sent before, with what came of it", async () => {
      await stage.store(EXPIRES);
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 5000));
      await stage.pass(1000);
      expect(await expire()).to.deep.equal([head.number]);
      expect(await stage.get(head.number)).to.deep.include({
        errorCode: "EXPIRED",
        errorDescription:
          "its expire_date passed; it was sent before and may have had its effect; " +
          "last error: 100: try again",
        attempts: 1,
        transactionNumber: head.transactionNumber,
        executedDate: START,
      });
    });

    it("say nothing of a sending that never left", async () => {
      await stage.store(EXPIRES);
      const head = await stage.claimOne();
      await stage.apply(released(head, "connection refused"));
      await stage.pass(1000);
      await expire();
      expect((await stage.get(head.number)).errorDescription).to.equal(
        "its expire_date passed before it was sent",
      );
    });

    it("end what waits for a provider that is down or not effective", async () => {
      const { number } = await stage.storeOne(EXPIRES);
      await stage.execute("UPDATE providers SET life_cycle_state = 'NOT_EFFECTIVE'");
      await stage.pass(1000);
      expect(await expire()).to.deep.equal([number]);
    });
  });
}
