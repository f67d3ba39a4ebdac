import { expect } from "chai";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../src/gen/provisioning/v1/provisioning_service.js";
import type { Behaviour } from "../../src/simulator/behaviour.js";
import { itemOf, ProvisioningCalls, seconds } from "../support/provisioning-calls.js";
import { present } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** What must not be shown twice, one for each card. */
const MESSAGES: readonly Item[] = [
  itemOf("sendMail", 0, { text: "mail" }),
  itemOf("sendOnScreenMessage", 1, {
    text: "text",
    duration: seconds(5),
    repeatInterval: undefined,
  }),
  itemOf("displayFingerprint", 2, { duration: seconds(5) }),
];
const QUICK = [{ connection: { response_timeout_ms: 50 } }];

/** How a CA system keeps its answer back, and what has happened then. */
const LOST: readonly (readonly [how: string, Partial<Behaviour>, effects: number])[] = [
  ["says nothing", { silentRate: 1 }, 0],
  ["keeps the answer back", { dropRate: 1 }, 1],
  ["cuts the connection inside of the answer", { disconnectRate: 1 }, 1],
];

for (const database of ONE_OF_EACH) {
  describe(`mails, messages and fingerprints on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function startWith(behaviour: Partial<Behaviour>) {
      // Forgetful, so that nothing but this service keeps a second effect away.
      const simulator = { behaviour: { forget: true, ...behaviour } };
      const world = await worlds.start({ simulator, providers: QUICK });
      return { world, api: world.api, ca: world.ca, calls: new ProvisioningCalls(world) };
    }

    for (const [how, behaviour, effects] of LOST) {
      it(`are given up and never sent again when the CA system ${how}`, async () => {
        const { world, api, ca, calls } = await startWith(behaviour);
        for (const item of MESSAGES) {
          const { provisioningRequest } = await calls.send(item);
          const ended = await api.ended(present(provisioningRequest));
          expect(ended).to.include({
            lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
            errorCode: "OUTCOME_UNKNOWN",
            errorOrigin: "ERROR_ORIGIN_SERVICE",
            attempts: 0,
          });
        }
        world.simulator.change({ silentRate: 0, dropRate: 0, disconnectRate: 0 });
        await world.connected();
        // Whatever was to be sent again would come before this.
        for (const card of [0, 1, 2]) await api.ended(await api.create(card));
        const sent = ca.of("arrival").filter(({ type }) => type !== "REAUTHORISE_ALL_SERVICES");
        expect(sent).to.have.length(MESSAGES.length);
        const shown = ca.of("effect").filter(({ type }) => type !== "REAUTHORISE_ALL_SERVICES");
        expect(shown).to.have.length(effects * MESSAGES.length);
      });
    }

    it("are sent again when the CA system was busy, which says that nothing was done", async () => {
      const { world, api, ca, calls } = await startWith({ busyRate: 1, busyRetryAfterMs: 10 });
      const requests = [];
      for (const item of MESSAGES) {
        requests.push(present((await calls.send(item)).provisioningRequest));
      }
      await ca.reaches(5, "busy");
      world.simulator.change({ busyRate: 0 });
      for (const ended of await api.allEnded(requests)) {
        expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
      expect(ca.count("effect")).to.equal(MESSAGES.length);
    });

    it("are not tried again after an answer that they failed", async () => {
      const { api, ca, calls } = await startWith({ failRate: 1 });
      for (const item of MESSAGES) {
        const { provisioningRequest } = await calls.send(item);
        expect(await api.ended(present(provisioningRequest))).to.include({
          errorCode: "ATTEMPTS_EXHAUSTED",
          attempts: 1,
        });
      }
      expect(ca.count("arrival")).to.equal(MESSAGES.length);
    });

    it("are shown again when somebody says so", async () => {
      const { world, api, ca, calls } = await startWith({ dropRate: 1 });
      const { provisioningRequest } = await calls.send(present(MESSAGES[0]));
      const rejected = await api.ended(present(provisioningRequest));
      world.simulator.change({ dropRate: 0 });
      const retried = await api.ended(await calls.retry(rejected));
      expect(retried).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        retryOf: rejected.id,
      });
      expect(ca.count("effect")).to.equal(2);
    });
  });
}
