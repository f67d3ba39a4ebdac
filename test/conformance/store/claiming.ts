import { expect } from "chai";
import { onCards } from "./creates.js";
import { completed, deferred, released } from "./results.js";
import { cards, insertItems } from "./seed.js";
import { INSTANCE, RUN, START, type StoreStage } from "./stage.js";

export function describeClaiming(stage: StoreStage): void {
  const claimed = async (...options: Parameters<StoreStage["claimHeads"]>) =>
    (await stage.claimHeads(...options)).map((head) => head.number);
  const store = async (...creates: Parameters<StoreStage["store"]>) =>
    (await stage.store(...creates)).map((request) => request.number);

  describe("claiming", () => {
    it("takes the heads of lanes, each once", async () => {
      const [a, , b] = await store({}, {}, { card: "card-1" });
      expect(await claimed()).to.deep.equal([a, b]);
      expect(await claimed()).to.deep.equal([]);
    });

    it("hands out all that an adapter needs", async () => {
      const request = await stage.storeOne({
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
      });
      expect(await stage.claimOne()).to.deep.equal({
        provider: "alpha",
        caId: "ca-card-0",
        number: request.number,
        id: request.id,
        claimNumber: 1,
        sequenceNumber: 1,
        transactionNumber: 1,
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
        subscriptionNumber: "S-1",
        processImmediately: false,
        urgent: false,
        attempts: 0,
        tries: 0,
        depth: 1,
      });
      expect(await stage.get(request.number)).to.deep.include({
        lifeCycleState: "PROCESSING",
        sequenceNumber: 1,
        transactionNumber: 1,
        processName: RUN.definition,
        processId: RUN.id,
        waitingFor: undefined,
      });
    });

    it("goes by rank, then by order date, then by number", async () => {
      const [old, sameOld] = await store(...onCards(2));
      await stage.pass(1);
      const [express, immediate] = await store(
        { card: "card-2", priority: "EXPRESS" },
        { card: "card-3", processImmediately: true },
      );
      await stage.pass(1);
      const [young, lateExpress] = await store(
        { card: "card-4" },
        { card: "card-5", priority: "EXPRESS" },
      );
      const order = [immediate, express, lateExpress, old, sameOld, young];
      expect(await claimed()).to.deep.equal(order);
    });

    it("lifts what stands before an EXPRESS or immediate one on its card", async () => {
      const [first, second, third] = await store(...onCards(3));
      await store({ card: "card-1", priority: "EXPRESS" });
      await store({ card: "card-2", processImmediately: true });
      expect(await claimed()).to.deep.equal([third, second, first]);
    });

    it("says which are urgent: those of lanes that hold an EXPRESS or immediate one", async () => {
      await store(...onCards(3));
      await store({ card: "card-1", priority: "EXPRESS" });
      await store({ card: "card-2", processImmediately: true });
      const heads = await stage.claimHeads();
      expect(heads.map(({ urgent }) => urgent)).to.deep.equal([true, true, false]);
    });

    it("lets priority act between lanes only, and end with who brought it", async () => {
      const [regular] = await store({});
      const [express, last] = await store({ priority: "EXPRESS" }, {});
      const [other] = await store({ card: "card-1" });
      for (const expected of [regular, express, last]) {
        const head = await stage.claimOne({ limit: 1 });
        expect(head.number).to.equal(expected);
        await stage.apply(completed(head));
      }
      expect(await claimed()).to.deep.equal([other]);
    });

    it("takes no more than the limit, and says that there may be more", async () => {
      const numbers = await store(...onCards(5));
      const first = await stage.claim({ limit: 2 });
      expect([first.heads.map((head) => head.number), first.more]).to.deep.equal([
        numbers.slice(0, 2),
        true,
      ]);
      const rest = await stage.claim({ limit: 4 });
      expect([rest.heads.map((head) => head.number), rest.more]).to.deep.equal([
        numbers.slice(2),
        false,
      ]);
    });

    it("tells when the next sleeping lane wakes", async () => {
      await store({}, { card: "card-1", scheduledDate: START + 9000 });
      await store({ card: "beta-0", scheduledDate: START + 1 });
      const { heads, nextWakeInMs } = await stage.claim();
      expect(nextWakeInMs).to.equal(9000);
      await stage.apply(...heads.map((head) => deferred(head, 4000)));
      expect((await stage.claim()).nextWakeInMs).to.equal(4000);
      await stage.pass(4000);
      expect((await stage.claim()).nextWakeInMs).to.equal(5000);
      await stage.pass(5000);
      expect((await stage.claim()).nextWakeInMs).to.equal(undefined);
    });

    it("promotes more lanes than one claim wakes, in several", async () => {
      const count = 1100;
      await stage.database.write("import", (tx) => insertItems(tx, cards("many", "alpha", count)));
      const creates = Array.from({ length: count }, (_, i) => ({
        card: `many-${i}`,
        scheduledDate: START + 1000,
      }));
      await store(...creates.slice(0, 600));
      await store(...creates.slice(600));
      await stage.pass(1000);
      const first = await stage.claim({ limit: count });
      expect(first.nextWakeInMs).to.equal(0);
      const second = await stage.claim({ limit: count });
      expect(first.heads.length + second.heads.length).to.equal(count);
    });

    it("keeps providers apart", async () => {
      const [alpha, beta] = await store({}, { card: "beta-0" });
      expect(await claimed({ provider: "beta" })).to.deep.equal([beta]);
      expect(await claimed()).to.deep.equal([alpha]);
    });

    it("takes nothing of a provider that is not effective", async () => {
      const [number] = await store({});
      const setState = (state: string) =>
        stage.execute("UPDATE providers SET life_cycle_state = ? WHERE name = 'alpha'", [state]);
      await setState("NOT_EFFECTIVE");
      expect((await stage.get(number ?? 0)).waitingFor).to.equal("PROVIDER_NOT_EFFECTIVE");
      expect(await claimed()).to.deep.equal([]);
      await setState("EFFECTIVE");
      expect(await claimed()).to.deep.equal([number]);
    });

    it("takes nothing for who knows the provider in another version, and says so", async () => {
      const [number] = await store({});
      await stage.execute("UPDATE providers SET version = 2 WHERE name = 'alpha'");
      const stale = await stage.claim();
      expect(stale).to.deep.include({ heads: [], stale: true, contended: false });
      expect(await claimed({ providerVersion: 2 })).to.deep.equal([number]);
      expect((await stage.claim({ providerVersion: 2 })).stale).to.equal(false);
    });

    it("takes nothing for a process without a slot of the provider", async () => {
      const [number] = await store({});
      await stage.dispatch.register("instance-2", "another", 1000);
      expect(await claimed({ incarnation: "instance-2" })).to.deep.equal([]);
      expect(await claimed()).to.deep.equal([number]);
    });

    it("takes nothing for a process that is fenced or not known", async () => {
      await store({});
      await stage.execute("UPDATE incarnations SET fenced = true WHERE id = ?", [INSTANCE]);
      expect(await claimed()).to.deep.equal([]);
      await stage.execute("DELETE FROM incarnations");
      expect(await claimed()).to.deep.equal([]);
    });

    it("takes only lanes with a due immediate request when there is no run", async () => {
      const [, , before] = await store(...onCards(2), { card: "card-2" });
      await store({ card: "card-1", priority: "EXPRESS" });
      const [immediate] = await store({ card: "card-2", processImmediately: true });
      const first = await stage.claimOne({ run: undefined });
      expect(first.number).to.equal(before);
      expect((await stage.get(first.number)).processName).to.equal("PROCESS_IMMEDIATELY");
      await stage.apply(completed(first, { processId: undefined }));
      expect(await claimed({ run: undefined })).to.deep.equal([immediate]);
    });

    it("gives each head a number of its own and a head that was claimed before its old one", async () => {
      await store(...onCards(3));
      const first = await stage.claimHeads();
      expect(first.map((head) => head.sequenceNumber)).to.deep.equal([1, 2, 3]);
      await stage.apply(...first.map((head) => released(head)));
      await store({ card: "card-3" });
      const again = await stage.claimHeads();
      expect(again.map((head) => [head.sequenceNumber, head.claimNumber])).to.deep.equal([
        [1, 2],
        [2, 2],
        [3, 2],
        [4, 1],
      ]);
    });

    it("finds requests again whose lane was lost, in order", async () => {
      const numbers = await store({}, {}, { priority: "EXPRESS" });
      const [scheduled] = await store({ card: "card-1", scheduledDate: START + 1000 });
      expect(await stage.dispatch.repairLanes(0)).to.deep.equal({
        lanes: 0,
        providers: [],
        next: 0,
      });
      await stage.execute("DELETE FROM lanes");
      expect(await stage.dispatch.repairLanes(0)).to.deep.equal({
        lanes: 2,
        providers: ["alpha"],
        next: 0,
      });
      expect((await stage.claim({ limit: 0 })).heads).to.deep.equal([]);
      expect(await stage.drain()).to.deep.equal(numbers);
      await stage.pass(1000);
      expect(await stage.drain()).to.deep.equal([scheduled]);
    });

    it("counts what it selects in the run, which it stores with the first", async () => {
      const runs = () => stage.execute("SELECT * FROM runs");
      await stage.claim();
      expect(await runs()).to.deep.equal([]);
      await store(...onCards(2));
      expect((await stage.claim()).run).to.deep.equal(RUN);
      await store(...onCards(3));
      await stage.claim();
      const [run] = await runs();
      expect(run).to.deep.include({
        id: RUN.id,
        run_definition: "default",
        trigger: "SCHEDULE",
        state: "ACTIVE",
        owner: INSTANCE,
        start_date: START,
        fire_date: START,
        selected: 3,
      });
    });

    it("counts in the run of its definition that is active already", async () => {
      await store(...onCards(2));
      await stage.claim({ limit: 1 });
      const second = await stage.claim({ run: { ...RUN, id: "run-2", trigger: "WAKE" } });
      expect(second.run?.id).to.equal(RUN.id);
      expect(await stage.execute("SELECT id, selected FROM runs")).to.deep.equal([
        { id: RUN.id, selected: 2 },
      ]);
    });

    it("drains a lane of two thousand in order, the middle of which expires", async () => {
      const lane = Array.from({ length: 2000 }, (_, i) =>
        i < 100 || i >= 1900 ? {} : { expireDate: START + 1000 },
      );
      const numbers = [
        ...(await store(...lane.slice(0, 1000))),
        ...(await store(...lane.slice(1000))),
      ];
      const drained: number[] = [];
      for (let i = 0; i < 100; i += 1) {
        const head = await stage.claimOne();
        drained.push(head.number);
        await stage.apply(completed(head));
      }
      await stage.pass(1000);
      const expired = [
        ...(await stage.dispatch.expire(1000)).numbers,
        ...(await stage.dispatch.expire(1000)).numbers,
      ];
      expect(expired.toSorted((a, b) => a - b)).to.deep.equal(numbers.slice(100, 1900));
      drained.push(...(await stage.drain()));
      expect(drained).to.deep.equal([...numbers.slice(0, 100), ...numbers.slice(1900)]);
      await stage.expectNoWork();
    });
  });
}
