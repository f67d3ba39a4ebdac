import { expect } from "chai";
import { accepted, LEASE_MS, type PullStage } from "./pull-stage.js";
import { present, START } from "./stage.js";

export function describeEndingLeases(pull: PullStage): void {
  const end = () => pull.store.endLeases();

  describe("the end of leases", () => {
    it("gives back what was not answered, to be handed out under its old number", async () => {
      await pull.create(0, 1);
      const [first] = await pull.handedOut({ limit: 1, lease: "pull/loop/a" });
      await pull.numbers({ leaseMs: LEASE_MS + 1 });
      expect(await end()).to.deep.equal({ leases: 0, lanes: 0, unknown: [] });
      await pull.stage.pass(LEASE_MS);
      expect(await end()).to.deep.equal({ leases: 1, lanes: 1, unknown: [] });
      const { head } = present(first);
      expect(await pull.stage.get(head.number)).to.deep.include({
        lifeCycleState: "PENDING",
        waitingFor: "PROVIDER_UNAVAILABLE",
        attempts: 0,
        executedDate: START,
        lastError: "the lease pull/loop/a ended without an answer",
        transactionNumber: head.transactionNumber,
      });
      const [again] = await pull.handedOut();
      expect(again?.head).to.deep.equal({ ...head, claimNumber: 2, tries: 1 });
      await pull.stage.pass(1);
      expect(await end()).to.deep.equal({ leases: 1, lanes: 1, unknown: [] });
    });

    it("ends commands that must not be repeated as unknown, and never hands them out again", async () => {
      const [mail, answered, next] = await pull.create(0, 1, 0);
      await pull.makeMails(present(mail), present(answered));
      const numbers = await pull.numbers({ lease: "pull/loop/a" });
      expect(numbers).to.deep.equal([mail?.number, answered?.number]);
      await pull.answered(accepted(present(answered).number));
      await pull.stage.pass(LEASE_MS);
      expect(await end()).to.deep.equal({ leases: 1, lanes: 0, unknown: [mail?.number] });
      expect(await pull.stage.get(present(mail).number)).to.deep.include({
        lifeCycleState: "REJECTED",
        errorCode: "OUTCOME_UNKNOWN",
        errorOrigin: "SERVICE",
        errorDescription:
          "the lease pull/loop/a ended without an answer: it may have had its effect",
        attempts: 0,
        executedDate: START,
        processName: "PROCESS_BY_PULL",
      });
      expect(await pull.answered(accepted(present(mail).number))).to.deep.equal([
        "STATE_NOT_ALLOWED",
      ]);
      expect((await pull.stage.get(present(answered).number)).lifeCycleState).to.equal("COMPLETED");
      expect(await pull.numbers()).to.deep.equal([next?.number]);
    });

    it("is not brought about by processes that start, die or stop", async () => {
      await pull.create(0);
      const [number] = await pull.numbers();
      await pull.stage.dispatch.register("instance-2", "another", LEASE_MS);
      await pull.stage.dispatch.takeOver("instance-2");
      await pull.stage.dispatch.deregister("instance-2");
      expect(await pull.numbers()).to.deep.equal([]);
      expect((await pull.stage.get(present(number))).lifeCycleState).to.equal("PROCESSING");
    });

    it("lets expire what expired meanwhile, and not before", async () => {
      await pull.create({ expireDate: START + 10 });
      const [number] = await pull.numbers();
      await pull.stage.pass(LEASE_MS - 1);
      expect((await pull.stage.dispatch.expire(10)).numbers).to.deep.equal([]);
      await pull.stage.pass(1);
      await end();
      expect((await pull.stage.dispatch.expire(10)).numbers).to.deep.equal([number]);
      const { errorCode, errorDescription } = await pull.stage.get(present(number));
      expect(errorCode).to.equal("EXPIRED");
      expect(errorDescription).to.contain("was sent before");
    });

    it("comes in parts when there are many, and twice at once does no harm", async () => {
      await pull.create(...Array.from({ length: 10 }, (_, i) => i));
      for (let i = 0; i < 10; i += 1) await pull.numbers({ limit: 1 });
      await pull.stage.pass(LEASE_MS);
      const ends = await Promise.all([end(), end()]);
      expect(ends.reduce((sum, { lanes }) => sum + lanes, 0)).to.equal(10);
      await pull.expectNoLeases();
      expect(await pull.numbers()).to.have.lengthOf(10);
    });
  });
}
