import { expect } from "chai";
import type { Create } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { cards, insertItems } from "./seed.js";
import { present, START, type StoreStage } from "./stage.js";

const at = (seconds: number, more: Create = {}): Create => ({
  ...more,
  scheduledDate: START + seconds * 1000,
});

export function describeSchedules(stage: StoreStage): void {
  const numbers = async (...creates: Create[]) =>
    (await stage.store(...creates)).map((request) => request.number);
  const claimed = async () => (await stage.claimHeads()).map((head) => head.number);

  describe("scheduled dates", () => {
    it("keeps a past one as given and sends at once", async () => {
      const request = await stage.storeOne(at(-3600));
      expect(request.scheduledDate).to.equal(START - 3_600_000);
      expect(request.waitingFor).not.to.equal("SCHEDULED_DATE");
      expect(await claimed()).to.deep.equal([request.number]);
    });

    it("keeps the present where none is given", async () => {
      expect((await stage.storeOne({})).scheduledDate).to.equal(START);
    });

    it("sends nothing before its date, and tells how long until then", async () => {
      const request = await stage.storeOne(at(60));
      expect(request).to.deep.include({ lifeCycleState: "PENDING", waitingFor: "SCHEDULED_DATE" });
      expect(request.nextAttemptDate).to.equal(undefined);
      const early = await stage.claim();
      expect(early).to.deep.include({ heads: [], nextWakeInMs: 60_000, more: false });
      await stage.pass(59_999);
      expect((await stage.claim()).nextWakeInMs).to.equal(1);
      await stage.pass(1);
      expect(await claimed()).to.deep.equal([request.number]);
    });

    it("lets a later create that is due go first", async () => {
      const [scheduled] = await numbers(at(60));
      const [due] = await numbers({});
      expect(await stage.drain()).to.deep.equal([due]);
      await stage.pass(60_000);
      expect(await stage.drain()).to.deep.equal([scheduled]);
    });

    it("lets a due create of the same batch go first", async () => {
      const [scheduled, due, later] = await numbers(at(60), {}, {});
      expect(await stage.drain()).to.deep.equal([due, later]);
      await stage.pass(60_000);
      expect(await stage.drain()).to.deep.equal([scheduled]);
    });

    it("joins lanes that sleep, that are awake and that are new in one batch", async () => {
      const asleep = await stage.storeOne(at(60, { card: "card-0" }));
      const awake = await stage.storeOne({ card: "card-1" });
      const [first, third, second] = await stage.store(
        { card: "card-0" },
        { card: "card-1" },
        { card: "card-2" },
      );
      expect(first?.waitingForId).to.equal(undefined);
      expect(third?.waitingForId).to.equal(awake.id);
      expect(await stage.drain()).to.deep.equal(
        [awake, first, second, third].map((request) => request?.number),
      );
      await stage.pass(60_000);
      expect(await stage.drain()).to.deep.equal([asleep.number]);
    });

    it("lets one with a sooner date go first", async () => {
      const [last] = await numbers(at(60));
      const [first, third, second] = await numbers(at(20), at(40), at(30));
      expect((await stage.claim()).nextWakeInMs).to.equal(20_000);
      await stage.pass(20_000);
      expect(await stage.drain()).to.deep.equal([first]);
      expect((await stage.claim()).nextWakeInMs).to.equal(10_000);
      await stage.pass(40_000);
      expect(await stage.drain()).to.deep.equal([second, third, last]);
    });

    it("keeps the order of creation between equal dates", async () => {
      const first = await numbers(at(60), at(60));
      const second = await numbers(at(60), at(60));
      await stage.pass(60_000);
      expect(await stage.drain()).to.deep.equal([...first, ...second]);
    });

    it("orders by date what came due before the first claim", async () => {
      const [late, early] = await numbers(at(40), at(20));
      await stage.pass(60_000);
      expect(await stage.drain()).to.deep.equal([early, late]);
    });

    it("gives one whose date has come its place before later creates", async () => {
      const [scheduled] = await numbers(at(60));
      await stage.pass(60_001);
      const [due] = await numbers({});
      expect(await stage.drain()).to.deep.equal([scheduled, due]);
    });

    it("gives one whose date has come behind a head its place before later creates", async () => {
      const [head, scheduled] = await numbers({}, at(60));
      await stage.pass(60_001);
      const [due] = await numbers({});
      expect(await stage.drain()).to.deep.equal([head, scheduled, due]);
    });

    it("never displaces a head that was claimed once", async () => {
      const [scheduled] = await numbers(at(60));
      await stage.pass(60_000);
      await stage.apply(deferred(await stage.claimOne(), 5000));
      const [due] = await numbers({}, at(61));
      expect(await stage.claimHeads()).to.deep.equal([]);
      await stage.pass(5000);
      const head = await stage.claimOne();
      expect(head.number).to.equal(scheduled);
      await stage.apply(released(head));
      const again = await stage.claimOne();
      expect(again.number).to.equal(scheduled);
      await stage.apply(completed(again));
      expect((await stage.drain())[0]).to.equal(due);
    });

    it("says for whom each of a lane waits", async () => {
      const [head, behind, scheduled] = await stage.store({}, {}, at(60));
      expect(behind).to.deep.include({ waitingFor: "EARLIER_REQUEST", waitingForId: head?.id });
      expect(scheduled).to.deep.include({ waitingFor: "SCHEDULED_DATE", waitingForId: undefined });
      await stage.pass(60_000);
      expect(await stage.get(scheduled?.number ?? 0)).to.deep.include({
        waitingFor: "EARLIER_REQUEST",
        waitingForId: head?.id,
      });
    });

    it("lifts the lane of an EXPRESS one when its date comes, not before", async () => {
      const [express, regular] = await numbers(at(60, { priority: "EXPRESS" }), {
        card: "card-1",
        ...at(50),
      });
      const [ahead] = await numbers({ card: "card-2" });
      expect(await claimed()).to.deep.equal([ahead]);
      await stage.pass(60_000);
      expect(await claimed()).to.deep.equal([express, regular]);
    });

    it("lifts it too when another create is the first to find its date come", async () => {
      await numbers({ card: "card-1" });
      const [express] = await numbers(at(60, { priority: "EXPRESS" }));
      await stage.pass(60_000);
      await numbers({});
      expect((await claimed())[0]).to.equal(express);
    });

    it("ranks a lane by its due requests only", async () => {
      await numbers({ card: "card-1" });
      const [behind] = await numbers({}, at(60, { priority: "EXPRESS" }));
      expect((await claimed())[1]).to.equal(behind);
    });
  });

  describe("a clock that jumps back", () => {
    it("lets no create overtake one that is due", async () => {
      const [first] = await numbers({});
      await stage.pass(-3_600_000);
      const [second] = await numbers({});
      await stage.pass(-3_600_000);
      const [third] = await numbers({}, at(-86_400));
      expect((await stage.drain()).slice(0, 3)).to.deep.equal([first, second, third]);
    });

    it("lets no create overtake a head whose date had come", async () => {
      const [scheduled] = await numbers(at(60));
      await stage.pass(60_000);
      const head = await stage.claimOne();
      await stage.pass(-3_600_000);
      const [due] = await numbers({});
      await stage.apply(released(head));
      expect(await stage.drain()).to.deep.equal([scheduled, due]);
    });

    it("lets no create overtake what joined a lane whose head's date had come", async () => {
      const [scheduled] = await numbers(at(60));
      await stage.pass(60_000);
      const [second] = await numbers({});
      await stage.pass(-60_000);
      const [third] = await numbers({});
      expect(await stage.drain()).to.deep.equal([scheduled, second, third]);
    });

    it("lets no create overtake one whose date had come behind a head", async () => {
      const [, scheduled] = await numbers({}, at(1), at(5));
      const head = await stage.claimOne();
      await stage.pass(2000);
      const [due] = await numbers({});
      await stage.pass(-1500);
      await stage.apply(completed(head));
      expect(await stage.drain()).to.deep.equal([scheduled, due]);
      expect((await stage.claim()).nextWakeInMs).to.equal(4500);
    });

    it("keeps the rank of an EXPRESS one whose date had come behind a head", async () => {
      await numbers({}, at(1, { priority: "EXPRESS" }));
      const head = await stage.claimOne();
      await stage.pass(2000);
      await numbers({ card: "card-1" });
      const [due] = await numbers({});
      await stage.pass(-1500);
      await stage.apply(completed(head));
      expect((await claimed())[0]).to.equal((due ?? 0) - 2);
    });

    it("lets no scheduled create overtake one that is due", async () => {
      const [, second] = await numbers({}, {});
      const head = await stage.claimOne();
      await stage.pass(-3_600_000);
      const [scheduled] = await numbers(at(-1800));
      await stage.pass(3_600_000);
      await stage.apply(completed(head));
      expect(await stage.drain()).to.deep.equal([second, scheduled]);
    });

    it("wakes scheduled ones at their own dates, the sooner first", async () => {
      await numbers({});
      const head = await stage.claimOne();
      await stage.setClock(START - 3_600_000);
      const [late, early] = await numbers(at(-1800), at(-2700));
      await stage.apply(completed(head));
      expect((await stage.claim()).nextWakeInMs).to.equal(900_000);
      await stage.pass(900_000);
      expect(await stage.drain()).to.deep.equal([early]);
      await stage.pass(900_000);
      expect(await stage.drain()).to.deep.equal([late]);
    });

    it("does not put a retry off for as long, nor wake scheduled ones", async () => {
      const lanes = ["card-0", "card-1", "card-2"].map((card) => ({ card }));
      await numbers(...lanes, at(60, { card: "card-3" }));
      const [first, second, third] = await stage.claimHeads();
      const before = (await stage.dispatch.recallSleepers(undefined)).now;
      await stage.apply(
        deferred(present(first), 1000),
        deferred(present(second), 5000),
        released(present(third)),
      );
      await stage.pass(-3_600_000);
      expect(await stage.dispatch.recallSleepers(stage.now)).to.deep.include({ recalled: 0 });
      expect(await stage.dispatch.recallSleepers(before)).to.deep.equal({
        now: stage.now,
        recalled: 2,
      });
      expect(await claimed()).to.deep.equal([third?.number]);
      expect((await stage.claim()).nextWakeInMs).to.equal(1000);
      await stage.pass(1000);
      expect(await claimed()).to.deep.equal([first?.number]);
      expect((await stage.claim()).nextWakeInMs).to.equal(4000);
      expect((await stage.dispatch.recallSleepers(undefined)).recalled).to.equal(0);
      await stage.pass(4000);
      expect(await claimed()).to.deep.equal([second?.number]);
      expect((await stage.claim()).nextWakeInMs).to.equal(3_655_000);
    });

    it("recalls as many lanes as sleep too long, one provider after the other", async () => {
      await stage.database.write("import", (tx) => insertItems(tx, cards("many", "alpha", 1001)));
      const cardsOfAll = Array.from({ length: 1001 }, (_, i) => ({ card: `many-${i}` }));
      await numbers(...cardsOfAll, { card: "beta-0" });
      const heads = await stage.claimHeads({ limit: 2000 });
      const [beta] = await stage.claimHeads({ provider: "beta" });
      await stage.apply(...[...heads, present(beta)].map((head) => deferred(head, 1000)));
      await stage.pass(-3_600_000);
      expect((await stage.dispatch.recallSleepers(undefined)).recalled).to.equal(1002);
      await stage.pass(1000);
      expect(await claimed()).to.have.lengthOf(1000);
    });

    it("does not make a retry come sooner or be lost", async () => {
      const [number] = await numbers({});
      await stage.apply(deferred(await stage.claimOne(), 1000));
      await stage.pass(-10_000);
      expect(await claimed()).to.deep.equal([]);
      await stage.pass(11_000);
      expect(await claimed()).to.deep.equal([number]);
    });
  });
}
