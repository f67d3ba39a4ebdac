import { expect } from "chai";
import { ProvisioningCalls, reauthoriseItem } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { eventually, present } from "../support/world/eventually.js";
import { OTHER_PROVIDER, PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;

for (const database of ONE_OF_EACH) {
  describe(`ListLanes on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      const { api, ca, simulator } = world;
      return { api, ca, simulator, calls: new ProvisioningCalls(world) };
    }

    it("is empty where nothing is open", async () => {
      const { api, calls } = await start();
      await api.ended(await api.create(0));
      expect(await calls.lanes()).to.deep.equal({ lanes: [], nextPageToken: "" });
    });

    it("shows who waits for what at a provider that is down", async () => {
      const { api, calls } = await start({ caUp: false });
      const [head, second] = await api.createInOrder(0, 0, 1);
      const { lanes } = await eventually(
        "an error",
        () => calls.lanes({ blockedOnly: true }),
        (found) => found.lanes.every(({ lastError }) => lastError !== ""),
      );
      expect(lanes.map(({ smartcard }) => smartcard?.id)).to.deep.equal(["card-0", "card-1"]);
      expect(lanes[0]).to.deep.include({
        provider: PROVIDER,
        smartcard: head?.smartcard,
        reason: "WAITING_FOR_PROVIDER_UNAVAILABLE",
        sinceDate: head?.createdDate,
        headId: head?.id,
        depth: 2,
        owner: "",
      });
      const shown = await api.get(present(head).number);
      expect(lanes[0]?.lastError).to.equal(shown.lastError);
      await api.cancel(present(head).number);
      expect((await calls.lanes()).lanes[0]).to.include({ headId: second?.id, depth: 1 });
    });

    it("counts from when a due request passed a scheduled one, not from that one's turn", async () => {
      const { api, calls } = await start({ caUp: false });
      await api.create(0, { scheduled: Date.now() + HOUR_MS });
      const due = await api.create(0);
      const { lanes } = await calls.lanes();
      expect(lanes[0]).to.deep.include({ headId: due.id, sinceDate: due.createdDate, depth: 2 });
    });

    it("tells blocked lanes from those that await their turn", async () => {
      const { api, ca, calls, simulator } = await start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 600_000 } },
        providers: [{}, { name: OTHER_PROVIDER, lifeCycleState: "NOT_EFFECTIVE" }],
      });
      const busy = await api.create(0);
      await api.until(
        busy,
        "a pause",
        ({ waitingFor }) => waitingFor !== "WAITING_FOR_UNSPECIFIED",
      );
      await api.until(busy, "a pause", ({ nextAttemptDate }) => nextAttemptDate !== undefined);
      simulator.change({ busyRate: 0, latencyMs: 10_000 });
      await api.create(1);
      await api.create(2, { scheduled: Date.now() + HOUR_MS });
      await ca.reaches(2, "arrival");
      const { lanes } = await calls.lanes();
      expect(lanes.map(({ reason }) => reason)).to.deep.equal([
        "WAITING_FOR_NEXT_ATTEMPT",
        "WAITING_FOR_UNSPECIFIED",
        "WAITING_FOR_SCHEDULED_DATE",
      ]);
      expect(lanes.map(({ owner }) => owner !== "")).to.deep.equal([false, true, false]);
      expect(lanes[0]?.lastError).to.contain("busy");
      const blocked = await calls.lanes({ blockedOnly: true });
      expect(blocked.lanes.map(({ headId }) => headId)).to.deep.equal([busy.id]);
    });

    it("counts a lane's open requests, however many", async () => {
      const { calls } = await start({ caUp: false });
      const items = Array.from({ length: 1000 }, (_, i) => reauthoriseItem(i === 0 ? 1 : 0));
      await calls.batchCreate(items);
      expect((await calls.lanes()).lanes.map(({ depth }) => depth)).to.deep.equal([999, 1]);
      await calls.batchCreate(items);
      expect((await calls.lanes()).lanes.map(({ depth }) => depth)).to.deep.equal([1998, 2]);
    });

    it("goes on from page to page, of one provider or of all", async () => {
      const { calls } = await start({
        caUp: false,
        providers: [{}, { name: OTHER_PROVIDER }],
      });
      const cards = [4, 2, 0, 3, 1].map((i) => `card-${i}`);
      await calls.batchCreate(
        [...cards, "other-1", "other-0"].map((card) => reauthoriseItem(card)),
      );
      const pages = async (provider: string, blockedOnly: boolean) => {
        const found: (string | undefined)[] = [];
        let pageToken = "";
        do {
          const page = await calls.lanes({ provider, blockedOnly, pageSize: 2, pageToken });
          expect(page.lanes.length).to.be.at.most(2);
          found.push(...page.lanes.map(({ smartcard }) => smartcard?.id));
          pageToken = page.nextPageToken;
        } while (pageToken !== "");
        return found;
      };
      const others = ["other-0", "other-1"];
      for (const blockedOnly of [false, true]) {
        expect(await pages("", blockedOnly)).to.deep.equal([...cards.toSorted(), ...others]);
        expect(await pages(PROVIDER, blockedOnly)).to.deep.equal(cards.toSorted());
        expect(await pages(OTHER_PROVIDER, blockedOnly)).to.deep.equal(others);
      }
      expect(await pages("unknown", false)).to.deep.equal([]);
      const { nextPageToken: pageToken } = await calls.lanes({ pageSize: 2 });
      for (const wrong of [
        { pageToken, blockedOnly: true },
        { pageToken: "x" },
        { pageSize: -1 },
      ]) {
        expect((await failureOf(calls.lanes(wrong))).reason).to.equal("INVALID_REQUEST");
      }
    });
  });
}
