import { expect } from "chai";
import type { Create } from "./creates.js";
import { onCards } from "./creates.js";
import { completed, deferred } from "./results.js";
import { INSTANCE, present, START, type StoreStage, stored } from "./stage.js";

const IMMEDIATE: Create = { processImmediately: true };

export function describeImmediates(stage: StoreStage): void {
  const accept = async (creates: Create[], places: Record<string, number>) =>
    (await stage.accept(creates, { places })).map(stored);

  describe("immediate creates", () => {
    it("claim nothing for who knows the provider in another version", async () => {
      await stage.execute("UPDATE providers SET version = 2 WHERE name = 'alpha'");
      const { request, claimed } = present((await accept([IMMEDIATE], { alpha: 1 }))[0]);
      expect(claimed).to.equal(undefined);
      expect(request.lifeCycleState).to.equal("PENDING");
      expect(await stage.claimHeads({ providerVersion: 2 })).to.have.lengthOf(1);
    });

    it("claim a free lane in their own transaction", async () => {
      const { request, claimed } = present((await accept([IMMEDIATE], { alpha: 1 }))[0]);
      expect(request).to.deep.include({
        lifeCycleState: "PROCESSING",
        processName: "PROCESS_IMMEDIATELY",
        processId: undefined,
        waitingFor: undefined,
      });
      expect(claimed).to.deep.equal({
        provider: "alpha",
        caId: "ca-card-0",
        number: request.number,
        id: request.id,
        claimNumber: 1,
        sequenceNumber: request.sequenceNumber,
        transactionNumber: request.transactionNumber,
        command: request.command,
        sealedPin: undefined,
        subscriptionNumber: "S-1",
        processImmediately: true,
        urgent: true,
        attempts: 0,
        tries: 0,
        depth: 1,
      });
      expect(await stage.claimHeads()).to.deep.equal([]);
      expect(await stage.apply(completed(present(claimed)))).to.deep.equal([true]);
      expect((await stage.get(request.number)).lifeCycleState).to.equal("COMPLETED");
    });

    it("share the numbers of their provider with all claims", async () => {
      await stage.store({ card: "card-11" });
      const before = await stage.claimOne();
      const made = await accept(onCards(3, IMMEDIATE), { alpha: 3 });
      await stage.store({ card: "card-10" });
      const after = await stage.claimOne();
      const heads = [before, ...made.map(({ claimed }) => present(claimed)), after];
      expect(heads.map((head) => head.sequenceNumber)).to.deep.equal([1, 2, 3, 4, 5]);
      expect(heads.map((head) => head.transactionNumber)).to.deep.equal([1, 2, 3, 4, 5]);
    });

    it("claim no more lanes than there are places, in array order", async () => {
      const made = await accept([...onCards(3, IMMEDIATE), { ...IMMEDIATE, card: "beta-0" }], {
        alpha: 2,
      });
      expect(made.map(({ claimed }) => claimed !== undefined)).to.deep.equal([
        true,
        true,
        false,
        false,
      ]);
      expect(made[2]?.request.waitingFor).not.to.equal(undefined);
      expect((await stage.claimOne({ run: undefined })).number).to.equal(made[2]?.request.number);
    });

    it("have places at each provider of their own", async () => {
      const made = await accept(
        [{ ...IMMEDIATE, card: "beta-0" }, IMMEDIATE, { ...IMMEDIATE, card: "beta-1" }],
        { alpha: 1, beta: 1 },
      );
      expect(made.map(({ claimed }) => claimed?.sequenceNumber)).to.deep.equal([1, 1, undefined]);
    });

    it("wait behind what is in their lane already, and take it along", async () => {
      const earlier = await stage.storeOne({});
      const [made] = await accept([IMMEDIATE], { alpha: 1 });
      expect(made?.claimed).to.equal(undefined);
      expect(made?.request).to.deep.include({
        lifeCycleState: "PENDING",
        waitingFor: "EARLIER_REQUEST",
        waitingForId: earlier.id,
      });
      expect(await stage.drain({ run: undefined })).to.deep.equal([
        earlier.number,
        made?.request.number,
      ]);
    });

    it("wait behind a head that is being sent or backs off", async () => {
      await stage.store(...onCards(2));
      const [first] = await stage.claimHeads();
      await stage.apply(deferred(present(first), 1000));
      const made = await accept(onCards(2, IMMEDIATE), { alpha: 2 });
      expect(made.map(({ claimed }) => claimed)).to.deep.equal([undefined, undefined]);
    });

    it("of one card claim its lane once", async () => {
      const made = await accept([IMMEDIATE, IMMEDIATE], { alpha: 2 });
      expect(made.map(({ request }) => request.lifeCycleState)).to.deep.equal([
        "PROCESSING",
        "PENDING",
      ]);
      expect(made[1]?.request.waitingForId).to.equal(made[0]?.request.id);
    });

    it("claim nothing when a plain one of their card is before them in the batch", async () => {
      const made = await accept([{}, IMMEDIATE], { alpha: 2 });
      expect(made.map(({ claimed }) => claimed)).to.deep.equal([undefined, undefined]);
      expect(await stage.drain({ run: undefined })).to.deep.equal(
        made.map(({ request }) => request.number),
      );
    });

    it("claim their lane before a scheduled one of the batch", async () => {
      const made = await accept([{ scheduledDate: START + 1000 }, IMMEDIATE], { alpha: 1 });
      expect(made.map(({ claimed }) => claimed !== undefined)).to.deep.equal([false, true]);
    });

    it("go before a scheduled head that nobody has claimed", async () => {
      await stage.store({ scheduledDate: START + 1000 });
      const [made] = await accept([IMMEDIATE], { alpha: 1 });
      expect(await stage.drain({ run: undefined })).to.deep.equal([made?.request.number]);
    });

    it("claim nothing for a process that is fenced or not known", async () => {
      await stage.execute("UPDATE incarnations SET fenced = true WHERE id = ?", [INSTANCE]);
      const fenced = await accept([IMMEDIATE], { alpha: 1 });
      await stage.execute("DELETE FROM incarnations");
      const unknown = await accept([{ ...IMMEDIATE, card: "card-1" }], { alpha: 1 });
      for (const { request, claimed } of [...fenced, ...unknown]) {
        expect([request.lifeCycleState, claimed]).to.deep.equal(["PENDING", undefined]);
      }
    });
  });
}
