import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const CANCELLED = "LIFE_CYCLE_STATE_CANCELLED";
const COMPLETED = "LIFE_CYCLE_STATE_COMPLETED";

for (const database of ONE_OF_EACH) {
  describe(`ending requests early on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("cancels a waiting request, again without harm, and never sends it", async () => {
      const world = await worlds.start({ caUp: false });
      const [first, second, third] = [
        await world.api.create(0),
        await world.api.create(0),
        await world.api.create(0),
      ];
      const cancelled = await world.api.cancel(second.number, "a mistake");
      expect(cancelled).to.include({
        lifeCycleState: CANCELLED,
        waitingFor: "WAITING_FOR_UNSPECIFIED",
        updatedBy: "local",
        transactionNumber: 0n,
      });
      expect((await world.api.cancel(second.number)).lifeCycleState).to.equal(CANCELLED);
      // A head too: the next one of its card takes its place.
      await world.api.cancel(first.number);
      await world.caUp();
      expect((await world.api.ended(third)).lifeCycleState).to.equal(COMPLETED);
      expect(world.ca.count("arrival")).to.equal(1);
    });

    it("refuses to cancel what is being sent, has ended, or is not there", async () => {
      const { api, ca } = await worlds.start({ simulator: { behaviour: { latencyMs: 200 } } });
      const request = await api.create(0);
      await ca.reaches(1, "arrival");
      const sending = await failureOf(api.cancel(request.number));
      expect(sending).to.include({ code: "FAILED_PRECONDITION", reason: "STATE_NOT_ALLOWED" });
      await api.ended(request);
      expect((await failureOf(api.cancel(request.number))).reason).to.equal("STATE_NOT_ALLOWED");
      expect(await failureOf(api.cancel(99n))).to.include({
        code: "NOT_FOUND",
        reason: "PROVISIONING_REQUEST_NOT_FOUND",
      });
    });

    it("cancels a request that waits for its next attempt, and the card goes on", async () => {
      const { api, ca, simulator } = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 600_000 } },
      });
      const stuck = await api.create(0);
      await api.until(
        stuck,
        "a pause",
        ({ waitingFor }) => waitingFor === "WAITING_FOR_NEXT_ATTEMPT",
      );
      const next = await api.create(0);
      simulator.change({ busyRate: 0 });
      await api.cancel(stuck.number);
      expect((await api.ended(next)).lifeCycleState).to.equal(COMPLETED);
      expect(ca.count("effect")).to.equal(1);
    });

    it("expires what did not end in time, while its provider is down, and says it was not sent", async () => {
      const world = await worlds.start({ caUp: false });
      const request = await world.api.create(0, { expires: Date.now() + 300 });
      const ended = await world.api.ended(request);
      expect(ended).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "EXPIRED",
        errorOrigin: "ERROR_ORIGIN_SERVICE",
        attempts: 0,
      });
      expect(ended.errorDescription).to.contain("before it was sent");
      await world.caUp();
      await world.api.ended(await world.api.create(0));
      expect(world.ca.count("arrival")).to.equal(1);
    });

    it("says of an expired request that was sent that it may have had its effect", async () => {
      const { api } = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 600_000 } },
      });
      const ended = await api.ended(await api.create(0, { expires: Date.now() + 1000 }));
      expect(ended.errorCode).to.equal("EXPIRED");
      expect(ended.errorDescription).to.contain("was sent before");
    });
  });

  describe(`finding requests on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("lists newest first, in pages that neither repeat nor leave out", async () => {
      const { api } = await worlds.start({ caUp: false });
      const created = await api.createInOrder(...Array.from({ length: 7 }, (_, i) => i));
      const pages: bigint[][] = [];
      let pageToken = "";
      do {
        const page = await api.list({ pageSize: 3, pageToken });
        pages.push(page.provisioningRequests.map(({ number }) => number));
        pageToken = page.nextPageToken;
      } while (pageToken !== "");
      expect(pages.map((page) => page.length)).to.deep.equal([3, 3, 1]);
      expect(pages.flat()).to.deep.equal(created.map(({ number }) => number).toReversed());
    });

    it("lists what meets all conditions", async () => {
      const { api } = await worlds.start({ simulator: { behaviour: { rejectRate: 1 } } });
      const rejected = await api.ended(await api.create(0, { callerReference: "a" }));
      const waiting = await api.create(1, {
        callerReference: "a",
        scheduled: Date.now() + 3_600_000,
      });
      const numbers = async (filter: Parameters<typeof api.all>[0]) =>
        (await api.all(filter)).map(({ number }) => number);
      expect(await numbers({ callerReference: "a" })).to.deep.equal([
        rejected.number,
        waiting.number,
      ]);
      expect(
        await numbers({
          callerReference: "a",
          lifeCycleStates: [waiting.lifeCycleState],
          provider: waiting.provider,
        }),
      ).to.deep.equal([waiting.number]);
      expect(await numbers({ processId: rejected.processId })).to.deep.equal([rejected.number]);
      expect(await numbers({ callerReference: "b" })).to.deep.equal([]);
    });

    it("lists what waits and what ended in several ways together, page by page", async () => {
      const { api, simulator } = await worlds.start();
      await api.ended(await api.create(0));
      simulator.change({ rejectRate: 1 });
      const scheduled = Date.now() + 3_600_000;
      const waiting = await api.create(1, { scheduled });
      const rejected = await api.ended(await api.create(0));
      const cancelled = await api.cancel((await api.create(2, { scheduled })).number);
      const wanted = [cancelled, rejected, waiting];
      const lifeCycleStates = wanted.map(({ lifeCycleState }) => lifeCycleState);
      const filter = { lifeCycleStates, provider: waiting.provider, pageSize: 2 };
      const first = await api.list(filter);
      const second = await api.list({ ...filter, pageToken: first.nextPageToken });
      expect(
        [first, second].map((page) => page.provisioningRequests.map(({ number }) => number)),
      ).to.deep.equal([[cancelled.number, rejected.number], [waiting.number]]);
      expect(second.nextPageToken).to.equal("");
    });

    it("shows wire texts in the full view only", async () => {
      const { api } = await worlds.start();
      const { number } = await api.ended(await api.create(0));
      expect((await api.get(number)).request).to.contain("REAUTHORISE_ALL_SERVICES");
      expect((await api.all()).map(({ request, response }) => request + response)).to.deep.equal([
        "",
      ]);
    });

    it("does not find what is not there", async () => {
      const { api } = await worlds.start();
      expect(await failureOf(api.get(1n))).to.include({
        code: "NOT_FOUND",
        reason: "PROVISIONING_REQUEST_NOT_FOUND",
      });
    });
  });
}
