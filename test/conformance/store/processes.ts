import { expect } from "chai";
import { onCards } from "./creates.js";
import { completed } from "./results.js";
import { INSTANCE, LEASE_MS, present, RUN, START, type StoreStage } from "./stage.js";

const OTHER = "instance-2";
/** The slots that the first process has to begin with. */
const ALPHA = { provider: "alpha", slot: 0, epoch: 1 };
const BETA = { provider: "beta", slot: 0, epoch: 1 };

export function describeProcesses(stage: StoreStage): void {
  const takeOver = () => stage.dispatch.takeOver(OTHER);
  const slots = () =>
    stage.execute("SELECT provider, owner, epoch, state FROM session_slots ORDER BY provider");

  /** Makes the first process look dead to the second, as far as the database tells. */
  async function letLeaseEnd(): Promise<void> {
    await stage.pass(LEASE_MS + 1);
    await stage.dispatch.register(OTHER, "another", LEASE_MS);
  }

  describe("processes", () => {
    it("free what a dead one held, and it is sent by the next under its old number", async () => {
      await stage.store(...onCards(2), {});
      const heads = await stage.claimHeads();
      await letLeaseEnd();
      expect(await takeOver()).to.deep.equal({ incarnations: [INSTANCE], lanes: 2 });
      expect(await stage.acquireSlots(OTHER, "alpha")).to.deep.equal([
        { provider: "alpha", slot: 0, epoch: 2 },
      ]);
      const again = await stage.claimHeads({
        incarnation: OTHER,
        run: { ...RUN, id: "run-2", fireDate: undefined },
      });
      // Nobody knows whether they were sent: that counts as one try, and charges nothing.
      expect(again).to.deep.equal(heads.map((head) => ({ ...head, claimNumber: 2, tries: 1 })));
    });

    it("fence a dead one: no heartbeat, no claim, no result, no slot", async () => {
      await stage.store(...onCards(2));
      const [head] = await stage.claimHeads({ limit: 1 });
      await letLeaseEnd();
      await takeOver();
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(false);
      expect(await stage.apply(completed(present(head)))).to.deep.equal([false]);
      expect(await stage.dispatch.renumber(INSTANCE, present(head))).to.equal(undefined);
      expect(await stage.claimHeads()).to.deep.equal([]);
      expect(await stage.acquireSlots(INSTANCE, "alpha")).to.deep.equal([]);
      expect((await slots()).map(({ owner }) => owner)).to.deep.equal([null, null, null]);
    });

    it("end what a dead one had marked as sent, and send the rest again", async () => {
      await stage.store(...onCards(2), {});
      const [marked, unmarked] = (await stage.claimHeads()).map(present);
      await stage.dispatch.markSending(INSTANCE, [present(marked)]);
      await letLeaseEnd();
      await takeOver();
      expect(await stage.get(present(marked).number)).to.deep.include({
        lifeCycleState: "REJECTED",
        errorCode: "OUTCOME_UNKNOWN",
        errorOrigin: "SERVICE",
        attempts: 0,
        transactionNumber: present(marked).transactionNumber,
      });
      await stage.acquireSlots(OTHER, "alpha");
      const run = { ...RUN, id: "run-2", fireDate: undefined };
      const again = await stage.claimHeads({ incarnation: OTHER, run });
      expect(again.map((head) => head.transactionNumber)).to.deep.equal([
        present(unmarked).transactionNumber,
        3,
      ]);
    });

    it("interrupt the runs of a dead one, and only those that were active", async () => {
      await stage.store({});
      await stage.claimOne();
      await stage.execute("UPDATE runs SET id = 'old', state = 'COMPLETED', fire_date = NULL");
      await stage.store({ card: "card-1" });
      await stage.claimOne();
      await letLeaseEnd();
      await takeOver();
      expect(await stage.execute("SELECT id, state, end_date FROM runs ORDER BY id")).to.deep.equal(
        [
          { id: "old", state: "COMPLETED", end_date: null },
          { id: RUN.id, state: "INTERRUPTED", end_date: START + LEASE_MS + 1 },
        ],
      );
    });

    it("interrupt the run that a dead one had opened again", async () => {
      await stage.store({});
      await stage.apply(completed(await stage.claimOne()));
      await stage.execute("UPDATE runs SET state = 'COMPLETED'");
      await stage.dispatch.deregister(INSTANCE);
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      await stage.acquireSlots(OTHER, "alpha");
      await stage.store({ card: "card-1" });
      await stage.claimOne({ incarnation: OTHER });
      await stage.pass(LEASE_MS + 1);
      await stage.dispatch.register("instance-3", "a third", LEASE_MS);
      await stage.dispatch.takeOver("instance-3");
      expect(await stage.execute("SELECT id, state FROM runs")).to.deep.equal([
        { id: RUN.id, state: "INTERRUPTED" },
      ]);
    });

    it("interrupt a run that was handed over to one that had just gone as well", async () => {
      await stage.store({});
      await stage.claimOne();
      await stage.execute("UPDATE runs SET owner = 'gone'");
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      await takeOver();
      expect(await stage.execute("SELECT id, state FROM runs")).to.deep.equal([
        { id: RUN.id, state: "INTERRUPTED" },
      ]);
    });

    it("free many lanes of a dead one", async () => {
      await stage.store(...onCards(12));
      expect(await stage.claimHeads()).to.have.lengthOf(12);
      await letLeaseEnd();
      expect((await takeOver()).lanes).to.equal(12);
      expect(await takeOver()).to.deep.equal({ incarnations: [], lanes: 0 });
    });

    it("go on where a take-over broke off after its fence", async () => {
      await stage.store({});
      await stage.claimOne();
      await stage.execute("UPDATE incarnations SET fenced = true");
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(false);
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      expect(await takeOver()).to.deep.equal({ incarnations: [INSTANCE], lanes: 1 });
    });

    it("are counted until they are fenced", async () => {
      expect(await stage.dispatch.instances()).to.equal(1);
      await letLeaseEnd();
      expect(await stage.dispatch.instances()).to.equal(2);
      await takeOver();
      expect(await stage.dispatch.instances()).to.equal(1);
    });

    it("are taken over when they can be: at once where only one can be, else by their lease", async () => {
      await stage.store({});
      await stage.claimOne();
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      if (!stage.database.dialect.capabilities.manyInstances) {
        expect((await takeOver()).incarnations).to.deep.equal([INSTANCE]);
        return;
      }
      await stage.pass(LEASE_MS);
      expect((await takeOver()).incarnations).to.deep.equal([]);
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(true);
      await stage.pass(1);
      expect((await takeOver()).incarnations).to.deep.equal([]);
      await stage.dispatch.heartbeat(OTHER, 2 * LEASE_MS);
      await stage.pass(LEASE_MS);
      expect((await takeOver()).incarnations).to.deep.equal([INSTANCE]);
    });

    it("do not take over from themselves", async () => {
      await stage.pass(10 * LEASE_MS);
      expect(await stage.dispatch.takeOver(INSTANCE)).to.deep.equal({ incarnations: [], lanes: 0 });
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(true);
    });

    it("give everything back when they stop in good order", async () => {
      const { number } = await stage.storeOne({});
      const head = await stage.claimOne();
      await stage.dispatch.deregister(INSTANCE);
      expect(await stage.dispatch.heartbeat(INSTANCE, LEASE_MS)).to.equal(false);
      expect(await stage.apply(completed(head))).to.deep.equal([false]);
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      await stage.acquireSlots(OTHER, "alpha");
      const run = { ...RUN, id: "run-2", fireDate: undefined };
      expect((await stage.claimOne({ incarnation: OTHER, run })).number).to.equal(number);
    });
  });

  describe("session slots", () => {
    it("are taken once, with an epoch that rises with every move", async () => {
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      expect(await stage.acquireSlots(OTHER, "alpha")).to.deep.equal([]);
      await stage.dispatch.deregister(INSTANCE);
      expect(await stage.acquireSlots(OTHER, "alpha")).to.deep.equal([
        { provider: "alpha", slot: 0, epoch: 2 },
      ]);
      await stage.dispatch.deregister(OTHER);
      await stage.dispatch.register(INSTANCE, "again", LEASE_MS);
      expect(await stage.acquireSlots(INSTANCE, "alpha")).to.deep.equal([
        { provider: "alpha", slot: 0, epoch: 3 },
      ]);
    });

    it("come all that are free, and only of the provider", async () => {
      await stage.execute(`INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
        VALUES ('alpha', 1, 0, 'CLOSED', 1), ('alpha', 2, 4, 'CLOSED', 1)`);
      const taken = await stage.acquireSlots(INSTANCE, "alpha");
      expect(taken.toSorted((a, b) => a.slot - b.slot)).to.deep.equal([
        { provider: "alpha", slot: 1, epoch: 1 },
        { provider: "alpha", slot: 2, epoch: 5 },
      ]);
    });

    it("come at most so many as asked for, of those that the provider still has", async () => {
      await stage.execute(`INSERT INTO session_slots (provider, slot, epoch, state, changed_date)
        VALUES ('alpha', 1, 0, 'CLOSED', 1), ('alpha', 2, 0, 'CLOSED', 1)`);
      const take = async (connections: number, limit: number) =>
        (await stage.dispatch.acquireSlots(INSTANCE, "alpha", 1, connections, limit)).map(
          ({ slot }) => slot,
        );
      expect(await take(2, 5)).to.deep.equal([1]);
      expect(await take(3, 0)).to.deep.equal([]);
      await stage.dispatch.keepSlots(INSTANCE, [ALPHA, BETA]);
      expect(await take(3, 1)).to.deep.equal([1]);
      expect(await take(3, 1)).to.deep.equal([2]);
    });

    it("are not taken by who knows the provider in another version", async () => {
      await stage.dispatch.keepSlots(INSTANCE, [BETA]);
      await stage.execute("UPDATE providers SET version = 2 WHERE name = 'alpha'");
      expect(await stage.acquireSlots(INSTANCE, "alpha")).to.deep.equal([]);
      expect(await stage.dispatch.acquireSlots(INSTANCE, "alpha", 2, 1, 1)).to.deep.equal([
        { provider: "alpha", slot: 0, epoch: 2 },
      ]);
    });

    it("tell how fast they are answered, as long as their session stands", async () => {
      const rate = async () =>
        (
          await stage.execute(
            "SELECT answers_per_second AS rate FROM session_slots WHERE provider = 'alpha'",
          )
        )[0]?.rate;
      const slot = { provider: "alpha", slot: 0, epoch: 1 };
      await stage.dispatch.reportRates(INSTANCE, [{ slot, answersPerSecond: 12.5 }]);
      expect(await rate()).to.equal(12.5);
      await stage.dispatch.reportRates(OTHER, [{ slot, answersPerSecond: 1 }]);
      await stage.dispatch.reportRates(INSTANCE, [
        { slot: { ...slot, epoch: 0 }, answersPerSecond: 1 },
      ]);
      expect(await rate()).to.equal(12.5);
      await stage.dispatch.reportSlot(INSTANCE, slot, "CLOSED", "gone");
      expect(await rate()).to.equal(null);
      await stage.dispatch.reportRates(INSTANCE, [{ slot, answersPerSecond: 3 }]);
      await stage.dispatch.keepSlots(INSTANCE, [BETA]);
      expect(await rate()).to.equal(null);
    });

    it("tell of a waiting request what keeps it, and its provider's last error", async () => {
      const slot = { provider: "alpha", slot: 0, epoch: 1 };
      const { number } = await stage.storeOne({});
      const report = (...[state, error]: ["CONNECTING" | "OPEN", string?]) =>
        stage.dispatch.reportSlot(INSTANCE, slot, state, error);
      await report("CONNECTING", "connection refused");
      expect(await stage.get(number)).to.deep.include({
        waitingFor: "PROVIDER_UNAVAILABLE",
        lastError: "connection refused",
      });
      await report("OPEN");
      expect(await stage.get(number)).to.deep.include({
        waitingFor: "CAPACITY",
        lastError: undefined,
      });
      await stage.execute("UPDATE run_definitions SET providers = '[\"beta\"]'");
      expect((await stage.get(number)).waitingFor).to.equal("RUN");
    });

    it("tell since when they are in their state, however often it is reported", async () => {
      const slot = { provider: "alpha", slot: 0, epoch: 1 };
      const report = async (...[state, error]: ["CLOSED" | "OPEN", string?]) => {
        await stage.pass(10);
        await stage.dispatch.reportSlot(INSTANCE, slot, state, error);
        const [row] = await stage.execute(
          "SELECT changed_date - ? AS since, last_error AS error FROM session_slots WHERE provider = 'alpha'",
          [START],
        );
        return row;
      };
      const first = await report("OPEN");
      const since = Number(first?.since);
      expect(await report("CLOSED", "gone")).to.deep.equal({ since: since + 10, error: "gone" });
      expect(await report("CLOSED", "refused")).to.deep.equal({
        since: since + 10,
        error: "refused",
      });
      expect(await report("OPEN")).to.deep.equal({ since: since + 30, error: null });
      // Another session, of which only the beginning could be written.
      expect(await report("OPEN")).to.deep.equal({ since: since + 40, error: null });
    });

    it("go back but for those that are kept, under the very epoch", async () => {
      await stage.dispatch.keepSlots(OTHER, []);
      await stage.dispatch.keepSlots(INSTANCE, [ALPHA, BETA]);
      expect((await slots()).map(({ owner }) => owner)).to.deep.equal([INSTANCE, INSTANCE, null]);
      await stage.dispatch.keepSlots(INSTANCE, [{ ...ALPHA, epoch: 2 }, BETA]);
      expect((await slots()).map(({ owner }) => owner)).to.deep.equal([null, INSTANCE, null]);
      expect(await stage.acquireSlots(INSTANCE, "alpha")).to.deep.equal([{ ...ALPHA, epoch: 2 }]);
      await stage.dispatch.keepSlots(INSTANCE, []);
      expect((await slots()).map(({ owner }) => owner)).to.deep.equal([null, null, null]);
    });

    it("are not written by who has lost them", async () => {
      const slot = { provider: "alpha", slot: 0, epoch: 1 };
      const before = await slots();
      await stage.dispatch.reportSlot(OTHER, slot, "OPEN", undefined);
      await stage.dispatch.reportSlot(INSTANCE, { ...slot, epoch: 0 }, "OPEN", undefined);
      expect(await slots()).to.deep.equal(before);
    });
  });
}
