import { expect } from "chai";
import type { ClaimRun, Pace } from "../../../src/store/dispatch-store.js";
import { type Create, onCards } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { cards, insertItems } from "./seed.js";
import { INSTANCE, present, RUN, START, type StoreStage, stored } from "./stage.js";

const PACE: Pace = { ratePerSecond: 10, burst: 3 };

export function describeBudget(stage: StoreStage): void {
  const count = async () => (await stage.claimHeads({ pace: PACE })).length;

  /** Lets the bucket of `alpha` be full, as a provider's first claim finds it. */
  async function fill(): Promise<void> {
    await stage.execute("UPDATE dispatch SET tokens = 3, tokens_date = ?", [START]);
  }

  describe("a provider's rate", () => {
    beforeEach(async () => {
      await fill();
      await stage.store(...onCards(12));
    });

    it("allows a burst, then one head for each interval", async () => {
      expect(await count()).to.equal(3);
      expect(await stage.claim({ pace: PACE })).to.deep.include({ heads: [], nextWakeInMs: 100 });
      await stage.pass(50);
      expect((await stage.claim({ pace: PACE })).nextWakeInMs).to.equal(50);
      await stage.pass(50);
      expect(await count()).to.equal(1);
      await stage.pass(250);
      expect(await count()).to.equal(2);
      await stage.pass(50);
      expect(await count()).to.equal(1);
    });

    it("saves up no more than the burst", async () => {
      expect(await count()).to.equal(3);
      await stage.pass(3_600_000);
      expect(await count()).to.equal(3);
    });

    it("says that there may be more when it was the bound", async () => {
      expect((await stage.claim({ pace: PACE })).more).to.equal(true);
    });

    it("says that there is more as long as something waits for a token, in a run or at once", async () => {
      const more = async (run?: ClaimRun) => (await stage.claim({ pace: PACE, run })).more;
      await count();
      expect(await more(RUN)).to.equal(true);
      expect(await more()).to.equal(false);
      await stage.store({ card: "card-11", processImmediately: true });
      expect(await more()).to.equal(true);
      await stage.claimHeads({ pace: undefined });
      expect(await more(RUN)).to.equal(false);
      await stage.store({ card: "card-0", scheduledDate: START + 50 });
      expect(await more(RUN)).to.equal(false);
    });

    it("binds no claim that has none", async () => {
      expect(await stage.claimHeads({ pace: undefined })).to.have.lengthOf(12);
    });

    it("gets tokens back for what never left, and only for that", async () => {
      const [a, b, c] = await stage.claimHeads({ pace: PACE });
      await stage.apply(
        released(present(a), undefined, { returnToken: true }),
        released(present(b)),
        deferred(present(c), 1000),
      );
      expect(await count()).to.equal(1);
    });

    it("binds immediate creates as well, in array order", async () => {
      const creates = ["late-0", "late-1", "late-2", "late-3"].map(
        (card): Create => ({ card, processImmediately: true }),
      );
      await stage.database.write("import", (tx) => insertItems(tx, cards("late", "alpha", 4)));
      const made = await stage.accept(creates, { places: { alpha: 4 }, pace: PACE });
      expect(made.map((accepted) => stored(accepted).claimed !== undefined)).to.deep.equal([
        true,
        true,
        true,
        false,
      ]);
      expect(await count()).to.equal(0);
    });

    it("goes on when the clock went back, and gains nothing by it", async () => {
      expect(await count()).to.equal(3);
      await stage.pass(-3_600_000);
      expect(await count()).to.equal(0);
      await stage.pass(100);
      expect(await count()).to.equal(1);
    });
  });

  describe("the shares of ranks", () => {
    it("give one place in ten to the oldest REGULAR lane, over claims large and small", async () => {
      await stage.database.write("import", (tx) => insertItems(tx, cards("urgent", "alpha", 40)));
      const [oldest, second] = await stage.store(...onCards(12));
      await stage.store(
        ...Array.from({ length: 40 }, (_, i) => ({
          card: `urgent-${i}`,
          priority: "EXPRESS" as const,
        })),
      );
      const claimed: number[] = [];
      for (const limit of [1, 2, 3, 4, 10]) {
        const heads = await stage.claimHeads({ limit });
        expect(heads).to.have.lengthOf(limit);
        claimed.push(...heads.map((head) => head.number));
      }
      const regular = claimed.filter((number) => number <= (oldest?.number ?? 0) + 11);
      expect(regular).to.deep.equal([oldest?.number, second?.number]);
    });

    it("give all places to whoever is there", async () => {
      await stage.store(...onCards(12, { priority: "EXPRESS" }));
      expect(await stage.claimHeads({ limit: 12 })).to.have.lengthOf(12);
    });
  });

  describe("a pause", () => {
    it("lets nothing be claimed of its provider, and ends by itself", async () => {
      await stage.store({}, { card: "beta-0" });
      await stage.dispatch.pause("alpha", 500);
      expect(await stage.claim()).to.deep.include({ heads: [], nextWakeInMs: 500 });
      expect(await stage.claimHeads({ provider: "beta" })).to.have.lengthOf(1);
      await stage.pass(500);
      expect(await stage.claimHeads()).to.have.lengthOf(1);
    });

    it("says that there is more as long as something waits for its end", async () => {
      await stage.dispatch.pause("alpha", 500);
      expect((await stage.claim()).more).to.equal(false);
      await stage.store({ scheduledDate: START + 100 });
      expect((await stage.claim()).more).to.equal(false);
      await stage.pass(100);
      expect((await stage.claim()).more).to.equal(true);
    });

    it("is not shortened by another one", async () => {
      await stage.store({});
      await stage.dispatch.pause("alpha", 500);
      await stage.dispatch.pause("alpha", 100);
      expect((await stage.claim()).nextWakeInMs).to.equal(500);
    });

    it("lasts no longer because the clock went back", async () => {
      await stage.store({});
      await stage.dispatch.pause("alpha", 500);
      await stage.pass(-3_600_000);
      await stage.dispatch.pause("alpha", 100);
      expect((await stage.claim()).nextWakeInMs).to.equal(500);
      await stage.pass(200);
      expect((await stage.claim()).nextWakeInMs).to.equal(300);
      await stage.pass(300);
      expect(await stage.claimHeads()).to.have.lengthOf(1);
    });

    it("keeps immediate creates from claiming", async () => {
      await stage.dispatch.pause("alpha", 500);
      const [made] = await stage.accept([{ processImmediately: true }], { places: { alpha: 1 } });
      expect(stored(made).claimed).to.equal(undefined);
    });
  });

  describe("send marks", () => {
    const mark = (...heads: Parameters<typeof stage.dispatch.markSending>[1]) =>
      stage.dispatch.markSending(INSTANCE, heads);

    it("are written for claims that stand", async () => {
      await stage.store(...onCards(2));
      const [first, second] = await stage.claimHeads();
      const stale = { ...present(second), claimNumber: 9 };
      expect(await mark(present(first), stale)).to.deep.equal([true, false]);
      const marked = await stage.execute("SELECT head FROM lanes WHERE send_mark = true");
      expect(marked).to.deep.equal([{ head: present(first).number }]);
      expect(await mark()).to.deep.equal([]);
      await stage.apply(completed(present(first)));
      expect(await mark(present(first))).to.deep.equal([false]);
    });
  });
}
