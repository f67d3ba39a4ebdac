import { expect } from "chai";
import {
  ProvisioningRequest_Priority as Priority,
  ProvisioningRequest_WaitingFor as WaitingFor,
} from "../../src/gen/provisioning/v1/provisioning_request.js";
import { DATABASES } from "../support/stores.js";
import { caIdOf, OTHER_PROVIDER, PROVIDER } from "../support/world/stock.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of DATABASES) {
  describe(`order of sending on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("sends two cards' requests side by side", async () => {
      const world = await worlds.start({
        caUp: false,
        simulator: { behaviour: { latencyMs: 50 } },
      });
      const requests = await world.api.createInOrder(0, 1);
      await world.caUp();
      await world.api.allEnded(requests);
      expect(world.ca.of("arrival", "effect").map(({ ev }) => ev)).to.deep.equal([
        "arrival",
        "arrival",
        "effect",
        "effect",
      ]);
    });

    it("sends one card's requests one after the other, as they were created", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 10 } } });
      const requests = await world.api.createInOrder(0, 0, 0, 0);
      const ended = await world.api.allEnded(requests);
      expect(world.ca.of("arrival", "effect").map(({ ev, txn }) => `${ev} ${txn}`)).to.deep.equal(
        ended.flatMap(({ transactionNumber: txn }) => [`arrival ${txn}`, `effect ${txn}`]),
      );
      const sequence = ended.map((request) => request.sequenceNumber);
      expect(sequence).to.deep.equal(sequence.toSorted((a, b) => Number(a - b)));
    });

    it("holds a card's later requests back while the first is tried again, and no other card's", async () => {
      const world = await worlds.start({
        simulator: { behaviour: { failRate: 1 } },
        providers: [{ limits: { max_attempts: 1000 } }],
      });
      const [first, second] = [await world.api.create(0), await world.api.create(0)];
      await world.ca.reaches(3, "reject");
      const waiting = await world.api.get(second.number);
      expect(waiting).to.include({
        waitingFor: WaitingFor.WAITING_FOR_EARLIER_REQUEST,
        waitingForId: first.id,
        transactionNumber: 0n,
      });
      world.simulator.change({ failRate: 0 });
      await world.api.ended(await world.api.create(1));
      const ended = await world.api.allEnded([first, second]);
      expect(ended.map(({ lifeCycleState }) => lifeCycleState)).to.deep.equal([
        "LIFE_CYCLE_STATE_COMPLETED",
        "LIFE_CYCLE_STATE_COMPLETED",
      ]);
      const ofCard = world.ca.of("arrival").filter(({ card }) => card === caIdOf(0));
      const [lastOfFirst, ...rest] = ofCard.map(({ txn }) => txn).toReversed();
      expect(lastOfFirst).to.equal(Number(ended[1]?.transactionNumber));
      expect(new Set(rest)).to.deep.equal(new Set([Number(ended[0]?.transactionNumber)]));
    });

    it("sends an immediate request after the earlier ones of its card", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 20 } } });
      const earlier = await world.api.createInOrder(0, 0);
      const immediate = await world.api.create(0, { processImmediately: true });
      expect(immediate.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      const ended = await world.api.allEnded([...earlier, immediate]);
      expect(world.ca.of("effect").map(({ txn }) => txn)).to.deep.equal(
        ended.map(({ transactionNumber }) => Number(transactionNumber)),
      );
    });

    it("keeps a card's order when an EXPRESS request comes last", async () => {
      const world = await worlds.start({
        caUp: false,
        providers: [{ limits: { max_in_flight: 1 } }],
      });
      const before = await world.api.createInOrder(0, 1, 1, 2);
      const express = await world.api.create(2, { priority: Priority.PRIORITY_EXPRESS });
      await world.caUp();
      const ended = await world.api.allEnded([...before, express]);
      // The REGULAR request that was there before is lifted with it, over all other cards.
      expect(world.ca.cards("effect")).to.deep.equal([2, 2, 0, 1, 1].map(caIdOf));
      expect(
        world.ca
          .of("effect")
          .map(({ txn }) => txn)
          .slice(0, 2),
      ).to.deep.equal(ended.slice(-2).map(({ transactionNumber }) => Number(transactionNumber)));
    });

    it("lets each provider go on by itself: the other being down holds nothing up", async () => {
      const world = await worlds.start({
        caUp: false,
        providers: [{ name: PROVIDER }, { name: OTHER_PROVIDER, connection: { port: 1 } }],
      });
      const stuck = await world.api.create("other-0");
      await world.caUp();
      await world.api.ended(await world.api.create(0));
      expect((await world.api.get(stuck.number)).waitingFor).to.equal(
        WaitingFor.WAITING_FOR_PROVIDER_UNAVAILABLE,
      );
    });
  });
}
