import { expect } from "chai";
import { TRANSACTIONS } from "../../../src/requests/transaction-number.js";
import { onCards } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { INSTANCE, present, type StoreStage } from "./stage.js";

export function describeNumbering(stage: StoreStage): void {
  const setSequence = (sequence: number) =>
    stage.execute("UPDATE dispatch SET sequence_number = ? WHERE provider = 'alpha'", [sequence]);
  const sequence = async () => {
    const [row] = await stage.execute(
      "SELECT sequence_number FROM dispatch WHERE provider = 'alpha'",
    );
    return row?.sequence_number;
  };

  describe("transaction numbers", () => {
    it("come anew to a claimed head that asks for one, and stay with it", async () => {
      await stage.store(...onCards(2));
      const [head] = await stage.claimHeads();
      const renumbered = await stage.dispatch.renumber(INSTANCE, present(head));
      expect(renumbered).to.deep.equal({ ...head, sequenceNumber: 3, transactionNumber: 3 });
      await stage.apply(deferred(present(renumbered), 0));
      expect(await stage.claimOne()).to.deep.include({
        number: head?.number,
        sequenceNumber: 3,
        transactionNumber: 3,
      });
    });

    it("are shown and kept as they were renumbered", async () => {
      await stage.store({});
      const head = present(await stage.dispatch.renumber(INSTANCE, await stage.claimOne()));
      expect((await stage.get(head.number)).transactionNumber).to.equal(2);
      await stage.apply(completed(head));
      expect((await stage.get(head.number)).transactionNumber).to.equal(2);
    });

    it("do not come anew under a claim that does not stand", async () => {
      await stage.store({}, {});
      const head = await stage.claimOne();
      expect(await stage.dispatch.renumber("instance-2", head)).to.equal(undefined);
      await stage.apply(released(head));
      expect(await stage.dispatch.renumber(INSTANCE, head)).to.equal(undefined);
      const again = await stage.claimOne();
      expect(await stage.dispatch.renumber(INSTANCE, head)).to.equal(undefined);
      await stage.apply(completed(again));
      expect(await stage.dispatch.renumber(INSTANCE, again)).to.equal(undefined);
      expect(await stage.dispatch.renumber(INSTANCE, { ...head, provider: "delta" })).to.equal(
        undefined,
      );
    });

    it("go on past the highest one that a CA system remembers", async () => {
      await stage.dispatch.raiseSequence("alpha", 5000);
      await stage.store({});
      expect(await stage.claimOne()).to.deep.include({
        sequenceNumber: 5001,
        transactionNumber: 5001,
      });
    });

    it("are not set back by a CA system that remembers less, or nothing", async () => {
      await setSequence(5000);
      for (const last of [4999, 5000, 1, 0]) await stage.dispatch.raiseSequence("alpha", last);
      expect(await sequence()).to.equal(5000);
      await stage.dispatch.raiseSequence("delta", 6000);
    });

    it("begin again at 1 after the last, under sequence numbers that rise", async () => {
      await setSequence(TRANSACTIONS - 2);
      await stage.store(...onCards(3));
      const heads = await stage.claimHeads();
      expect(heads.map((head) => [head.sequenceNumber, head.transactionNumber])).to.deep.equal([
        [TRANSACTIONS - 1, TRANSACTIONS - 1],
        [TRANSACTIONS, TRANSACTIONS],
        [TRANSACTIONS + 1, 1],
      ]);
    });

    it("are raised over the end of the circle", async () => {
      await setSequence(3 * TRANSACTIONS - 10);
      await stage.dispatch.raiseSequence("alpha", 5);
      expect(await sequence()).to.equal(3 * TRANSACTIONS + 5);
      await stage.dispatch.raiseSequence("alpha", TRANSACTIONS - 3);
      expect(await sequence()).to.equal(3 * TRANSACTIONS + 5);
    });
  });
}
