import { expect } from "chai";
import type { ClaimedHead } from "../../../src/store/dispatch-store.js";
import { knexRunStore } from "../../../src/store/knex/knex-run-store.js";
import { readLiveState } from "../../../src/store/knex/provider-live-state.js";
import { onCards } from "./creates.js";
import { completed, deferred } from "./results.js";
import { INSTANCE, LEASE_MS, MANY, present, RUN, type StoreStage } from "./stage.js";

const OTHER = "instance-2";

/** How the lanes of claims that name them together are found again. */
export function describeClaimsOfMany(stage: StoreStage): void {
  const named = async () =>
    (await stage.execute("SELECT number FROM claims ORDER BY number")).map(({ number }) =>
      Number(number),
    );
  const owned = async () =>
    (await stage.execute("SELECT ca_id FROM lanes WHERE owner IS NOT NULL ORDER BY ca_id")).map(
      ({ ca_id }) => ca_id,
    );
  const inFlight = async () =>
    (await readLiveState(stage.database.reader, "alpha", 1, undefined)).inFlight;
  const complete = (heads: readonly ClaimedHead[]) =>
    stage.apply(...heads.map((head) => completed(head)));

  describe("claims of many heads", () => {
    it("have a row of their own, and those of few have not", async () => {
      await stage.store(...onCards(MANY + 1));
      const many = await stage.claim({ limit: MANY });
      expect(await named()).to.deep.equal([present(many.number)]);
      const few = await stage.claim();
      expect(few.heads).to.have.lengthOf(1);
      expect(few.number).to.equal(undefined);
      expect(await named()).to.have.lengthOf(1);
      expect(await inFlight()).to.equal(MANY + 1);
    });

    it("are forgotten by the next claim once they have ended, and no others", async () => {
      await stage.store(...onCards(3 * MANY));
      const [first, second] = [
        await stage.claim({ limit: MANY }),
        await stage.claim({ limit: MANY }),
      ];
      await complete([...first.heads, ...second.heads]);
      const third = await stage.claim({ ended: [present(first.number)] });
      expect(await named()).to.deep.equal([second.number, third.number]);
      await stage.claim({ provider: "beta", ended: [present(third.number)] });
      await stage.claim({ incarnation: OTHER, ended: [present(third.number)] });
      expect(await named()).to.deep.equal([second.number, third.number]);
      expect(await inFlight()).to.equal(MANY);
    });

    it("count a lane once that two of them name, and none that has been finished", async () => {
      await stage.store(...onCards(MANY));
      const first = await stage.claimHeads();
      await stage.apply(...first.map((head) => deferred(head, 5)));
      await stage.pass(5);
      const second = await stage.claimHeads();
      expect(await named()).to.have.lengthOf(2);
      expect(await inFlight()).to.equal(MANY);
      await complete(second.slice(1));
      expect(await inFlight()).to.equal(1);
    });

    it("are forgotten with the strays among them, unless one of their cards is kept", async () => {
      await stage.store(...onCards(2 * MANY));
      const kept = await stage.claim({ limit: MANY });
      await stage.claim({ limit: MANY });
      const cards = kept.heads.map(({ caId }) => caId);
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", cards.slice(1));
      expect(await named()).to.deep.equal([kept.number]);
      expect(await owned()).to.deep.equal(cards.slice(1));
    });

    it("go with a process that dies, and so do lanes that no row names", async () => {
      await stage.store(...onCards(2 * MANY + 1));
      const lost = await stage.claim({ limit: MANY });
      await stage.execute("DELETE FROM claims");
      await stage.claim({ limit: MANY });
      await stage.claim();
      await stage.pass(LEASE_MS + 1);
      await stage.dispatch.register(OTHER, "another", LEASE_MS);
      const { lanes } = await stage.dispatch.takeOver(OTHER);
      expect(lanes).to.equal(2 * MANY + 1);
      expect(await named()).to.deep.equal([]);
      expect(await owned()).to.deep.equal([]);
      expect(await complete(lost.heads)).not.to.include(true);
    });

    it("go with a process that stops in good order", async () => {
      await stage.store(...onCards(MANY));
      const { heads } = await stage.claim();
      await complete(heads.slice(1));
      await stage.dispatch.deregister(INSTANCE);
      expect(await named()).to.deep.equal([]);
      expect(await owned()).to.deep.equal([]);
    });

    it("keep their run active while one of its heads is in hand", async () => {
      await stage.store(...onCards(MANY));
      const { heads } = await stage.claim();
      const runs = knexRunStore(stage.database);
      const end = async () => {
        await runs.end(RUN.id, "COMPLETED", INSTANCE);
        return (await runs.get(RUN.id))?.state;
      };
      expect(await end()).to.equal("ACTIVE");
      await complete(heads);
      expect(await end()).to.equal("COMPLETED");
    });

    it("are not needed for lanes that an earlier version has claimed", async () => {
      await stage.store(...onCards(MANY + 1));
      const claimed = await stage.claimHeads({ limit: MANY });
      const [deferredHead] = await stage.claimHeads();
      await stage.apply(deferred(present(deferredHead), 5));
      for (const statement of [
        "DROP TABLE claims",
        ...["ready", "asleep", "given_up", "held"].map((name) => `DROP INDEX lanes_${name}`),
        "ALTER TABLE lanes DROP COLUMN held_by",
        "ALTER TABLE lanes DROP COLUMN given_up",
        ...["ready", "asleep", "given_up", "owned"].map(
          (name) => `CREATE INDEX lanes_${name} ON lanes (owner)`,
        ),
        "DELETE FROM knex_migrations WHERE name = '0010-claims'",
      ]) {
        await stage.execute(statement);
      }
      await (await stage.openAnother()).close();
      expect(await inFlight()).to.equal(MANY);
      const { transactionNumber } = present(deferredHead);
      const late = await stage.dispatch.reclaim(INSTANCE, "alpha", transactionNumber);
      expect(late?.head.number).to.equal(deferredHead?.number);
      await stage.dispatch.releaseStrays(INSTANCE, "alpha", []);
      expect(await owned()).to.deep.equal([]);
      expect(await complete(claimed)).not.to.include(true);
    });
  });
}
