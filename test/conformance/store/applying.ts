import { expect } from "chai";
import { onCards } from "./creates.js";
import { completed, deferred, rejected, released } from "./results.js";
import { present, RUN, START, type StoreStage } from "./stage.js";

export function describeApplying(stage: StoreStage): void {
  const tables = async () => [
    await stage.execute("SELECT * FROM lanes ORDER BY head"),
    await stage.execute("SELECT * FROM waiting ORDER BY number"),
    await stage.execute("SELECT * FROM outcomes ORDER BY number"),
    await stage.execute("SELECT * FROM runs"),
  ];

  describe("applying results", () => {
    it("completes with all that is known", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      await stage.pass(1000);
      const result = completed(head, { executedDate: START + 400, referenceNumber: "CA-1" });
      expect(await stage.apply(result)).to.deep.equal([true]);
      expect(await stage.get(head.number)).to.deep.include({
        lifeCycleState: "COMPLETED",
        sequenceNumber: head.sequenceNumber,
        transactionNumber: head.transactionNumber,
        executedDate: START + 400,
        request: "sent",
        response: "answered",
        referenceNumber: "CA-1",
        errorCode: undefined,
        attempts: 1,
        processName: "default",
        processId: RUN.id,
        updatedDate: START + 1000,
        updatedBy: "service",
      });
    });

    it("rejects with the CA system's words", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      await stage.apply(rejected(head, { errorDescription: `no 'card' "x" \\ ? é 😀` }));
      expect(await stage.get(head.number)).to.deep.include({
        lifeCycleState: "REJECTED",
        errorCode: "2",
        errorDescription: `no 'card' "x" \\ ? é 😀`,
        errorOrigin: "CA_SYSTEM",
        attempts: 1,
      });
    });

    it("makes the next of the lane claimable, and deletes an empty lane", async () => {
      const [first, second] = (await stage.store({}, {})).map((request) => request.number);
      const head = await stage.claimOne();
      expect(head.number).to.equal(first);
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.apply(completed(head));
      const next = await stage.claimOne();
      expect([next.number, next.sequenceNumber]).to.deep.equal([second, head.sequenceNumber + 1]);
      await stage.apply(completed(next));
      await stage.expectNoWork();
    });

    it("deletes an empty lane whose count says that something waits, and no other", async () => {
      await stage.store(...onCards(1), { card: "card-1" }, { card: "card-1" });
      await stage.execute("UPDATE lanes SET depth = 2");
      const heads = await stage.claimHeads();
      await stage.apply(...heads.map((head) => completed(head)));
      const next = await stage.claimOne();
      expect(next.caId).to.equal(heads[1]?.caId);
      await stage.apply(completed(next));
      await stage.expectNoWork();
    });

    it("makes the next of the lane claimable with the outcome, not before or after", async () => {
      await stage.store({}, {});
      const head = await stage.claimOne();
      const seen = await stage.database.reader.all("SELECT head, owner FROM lanes");
      expect(seen).to.have.lengthOf(1);
      await stage.apply(completed(head));
      const [after] = await stage.database.reader.all<{ head: number; outcomes: number }>(
        "SELECT head, (SELECT count(*) FROM outcomes) AS outcomes FROM lanes WHERE owner IS NULL",
      );
      expect(after).to.deep.equal({ head: head.number + 1, outcomes: 1 });
    });

    it("writes nothing for another process's claim", async () => {
      await stage.store({});
      const head = await stage.claimOne();
      const before = await tables();
      for (const result of [completed(head), deferred(head, 1000), released(head)]) {
        const { applied } = await stage.dispatch.apply("instance-2", [result]);
        expect(applied).to.deep.equal([false]);
      }
      expect(await tables()).to.deep.equal(before);
    });

    it("writes nothing for an older claim of the same head", async () => {
      await stage.store({});
      const old = await stage.claimOne();
      await stage.apply(released(old));
      await stage.claimOne();
      const before = await tables();
      for (const result of [completed(old), deferred(old, 1000), released(old)]) {
        expect(await stage.apply(result)).to.deep.equal([false]);
      }
      expect(await tables()).to.deep.equal(before);
    });

    it("writes nothing for a head that has ended, be its lane gone, made anew or passed on", async () => {
      await stage.store({}, {});
      const first = await stage.claimOne();
      await stage.apply(completed(first));
      expect(await stage.apply(completed(first))).to.deep.equal([false]);
      const second = await stage.claimOne();
      expect(await stage.apply(completed(first))).to.deep.equal([false]);
      await stage.apply(completed(second));
      expect(await stage.apply(rejected(second))).to.deep.equal([false]);
      await stage.store({});
      const anew = await stage.claimOne();
      expect(anew.claimNumber).to.equal(first.claimNumber);
      expect(await stage.apply(completed(first), completed(second))).to.deep.equal([false, false]);
      expect((await stage.get(second.number)).lifeCycleState).to.equal("COMPLETED");
    });

    it("judges each result of a batch by itself, in its order", async () => {
      await stage.store(...onCards(4));
      const [a, b, c, d] = (await stage.claimHeads()).map((head) => head);
      const stale = { ...present(b), claimNumber: 9 };
      const applied = await stage.apply(
        deferred(present(d), 1000),
        completed(stale),
        rejected(present(c)),
        completed(present(a)),
      );
      expect(applied).to.deep.equal([true, false, true, true]);
      const states = (
        await Promise.all([a, b, c, d].map((head) => stage.get(present(head).number)))
      ).map((request) => request.lifeCycleState);
      expect(states).to.deep.equal(["COMPLETED", "PROCESSING", "REJECTED", "PENDING"]);
    });

    it("does nothing with an empty batch", async () => {
      expect(await stage.apply()).to.deep.equal([]);
    });

    it("defers: the head holds its lane and keeps its transaction", async () => {
      const [, behind] = await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.pass(100);
      await stage.apply(deferred(head, 5000, { executedDate: START + 50 }));
      expect(await stage.get(head.number)).to.deep.include({
        lifeCycleState: "PENDING",
        waitingFor: "NEXT_ATTEMPT",
        nextAttemptDate: START + 5100,
        lastError: "100: try again",
        attempts: 1,
        executedDate: START + 50,
        sequenceNumber: head.sequenceNumber,
        transactionNumber: head.transactionNumber,
        updatedDate: START + 100,
        processName: undefined,
        processId: undefined,
      });
      expect((await stage.get(present(behind).number)).waitingFor).to.equal("EARLIER_REQUEST");
      await stage.pass(4999);
      expect(await stage.claim()).to.deep.include({ heads: [], nextWakeInMs: 1 });
      await stage.pass(1);
      expect(await stage.claimOne()).to.deep.equal({
        ...head,
        claimNumber: head.claimNumber + 1,
        attempts: 1,
        tries: 1,
      });
    });

    it("releases: the head is ready at once with the attempts it had", async () => {
      await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 1000));
      await stage.pass(1000);
      const again = await stage.claimOne();
      await stage.apply(released(again, "connection refused"));
      expect(await stage.get(head.number)).to.deep.include({
        lifeCycleState: "PENDING",
        attempts: 1,
        lastError: "connection refused",
        nextAttemptDate: undefined,
        executedDate: START,
      });
      expect(await stage.claimOne()).to.deep.equal({ ...again, claimNumber: 3 });
    });

    it("keeps the last error of a head that is released without one", async () => {
      await stage.store({});
      await stage.apply(deferred(await stage.claimOne(), 0));
      await stage.apply(released(await stage.claimOne()));
      const [lane] = await stage.execute("SELECT last_error FROM lanes");
      expect(lane).to.deep.equal({ last_error: "100: try again" });
    });

    it("starts the next head without its predecessor's troubles", async () => {
      await stage.store({}, {});
      const head = await stage.claimOne();
      await stage.apply(deferred(head, 0));
      await stage.apply(rejected(await stage.claimOne()));
      const next = await stage.claimOne();
      expect(next).to.deep.include({ attempts: 0, tries: 0 });
      expect((await stage.get(next.number)).lastError).to.equal(undefined);
    });

    it("adds what became of heads to their run", async () => {
      await stage.store(...onCards(6));
      const [a, b, c, d, e, f] = (await stage.claimHeads()).map((head) => present(head));
      await stage.apply(completed(present(a)), rejected(present(b)), deferred(present(c), 1000));
      await stage.apply(
        completed(present(d)),
        released(present(e)),
        completed(present(f), { processId: undefined }),
        completed(present(a)),
      );
      const [run] = await stage.execute("SELECT selected, completed, rejected, deferred FROM runs");
      expect(run).to.deep.equal({ selected: 6, completed: 2, rejected: 1, deferred: 2 });
    });
  });
}
