import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ProvisioningCalls } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { CARDS, OTHER_CARDS, OTHER_PROVIDER, PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const BOTH = [{ name: PROVIDER }, { name: OTHER_PROVIDER }];
const subscription = ($case: "id" | "number", value: string) => ({
  subscriptionIdentifier: { identifier: { $case, value } },
});

for (const database of ONE_OF_EACH) {
  describe(`ResetSubscription on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      return { world, api: world.api, ca: world.ca, calls: new ProvisioningCalls(world) };
    }

    it("re-authorises every card of the subscription that has a provider", async () => {
      const { api, calls } = await start({ providers: BOTH });
      const { provisioningRequests, replayed } = await calls.reset({ reason: "out of step" });
      expect(replayed).to.equal(false);
      const cards = provisioningRequests.map(({ smartcard }) => smartcard?.id ?? "");
      expect(cards).to.have.length(CARDS + OTHER_CARDS);
      expect(cards).to.deep.equal(cards.toSorted());
      expect(cards).to.include.members(["card-0", "other-0"]).and.not.include("bare");
      for (const ended of await api.allEnded(provisioningRequests)) {
        expect(ended).to.include({
          type: "COMMAND_TYPE_REAUTHORISE_ALL_SERVICES",
          lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
          reason: "out of step",
          processName: "default",
        });
      }
    });

    it("returns the same requests under the same request_id, and refuses other content", async () => {
      const { api, calls } = await start({ providers: BOTH, caUp: false });
      const requestId = randomUUID();
      const first = await calls.reset({ requestId });
      const again = await calls.reset({ requestId });
      expect(again.replayed).to.equal(true);
      expect(again.provisioningRequests.map(({ id }) => id)).to.deep.equal(
        first.provisioningRequests.map(({ id }) => id),
      );
      expect(first.provisioningRequests.map((one) => one.requestId)).to.deep.equal([
        requestId,
        ...first.provisioningRequests.slice(1).map(() => ""),
      ]);
      const others = [
        () => calls.reset({ requestId, reason: "another" }),
        () => calls.reset({ requestId, ...subscription("number", "S-1") }),
        () => api.create("card-0", { requestId }),
      ];
      for (const other of others) {
        const failure = await failureOf(other());
        expect(failure).to.include({ code: "ALREADY_EXISTS", reason: "REQUEST_ID_REUSED" });
      }
      expect(await api.all()).to.have.length(first.provisioningRequests.length);
    });

    it("makes one set of requests of many calls at once with one request_id", async () => {
      const { api, calls } = await start({ providers: BOTH, caUp: false });
      const requestId = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => calls.reset({ requestId })),
      );
      const ids = answers.map(({ provisioningRequests }) =>
        provisioningRequests.map(({ id }) => id).join(),
      );
      expect(new Set(ids).size).to.equal(1);
      expect(answers.filter(({ replayed }) => !replayed)).to.have.length(1);
      expect(await api.all()).to.have.length(CARDS + OTHER_CARDS);
    });

    it("stores nothing when one card is at fault, and names all that are", async () => {
      const providers = [{ name: PROVIDER }, { name: OTHER_PROVIDER, commands: ["UNPAIR"] }];
      const { api, calls } = await start({ providers });
      const failure = await failureOf(calls.reset());
      expect(failure).to.include({ code: "FAILED_PRECONDITION", reason: "COMMAND_NOT_SUPPORTED" });
      const subjects = failure.preconditionFailure?.violations.map(({ subject }) => subject);
      expect(subjects).to.deep.equal(
        Array.from({ length: OTHER_CARDS }, (_, i) => `smartcard/other-${i}`),
      );
      expect(await api.all()).to.deep.equal([]);
    });

    it("refuses a subscription that is not there, not named, or has no card", async () => {
      const { calls } = await start({ caUp: false });
      const refusals = [
        [{ subscriptionIdentifier: undefined }, "INVALID_REQUEST"],
        [subscription("id", "nobody"), "SUBSCRIPTION_NOT_FOUND"],
        [subscription("number", "S-3"), "NO_CARD_TO_RESET"],
      ] as const;
      for (const [wanted, reason] of refusals) {
        expect((await failureOf(calls.reset(wanted))).reason).to.equal(reason);
      }
    });

    it("waits for its date and takes its priority", async () => {
      const { calls } = await start({ caUp: false, providers: BOTH });
      const scheduledDate = { seconds: 4_000_000_000n, nanos: 0 };
      const far = await failureOf(calls.reset({ scheduledDate }));
      expect(far.badRequest?.fieldViolations.map(({ field }) => field)).to.deep.equal([
        "scheduled_date",
      ]);
      const soon = { seconds: BigInt(Math.floor(Date.now() / 1000) + 3600), nanos: 0 };
      const { provisioningRequests } = await calls.reset({ scheduledDate: soon });
      for (const request of provisioningRequests) {
        expect(request.waitingFor).to.equal("WAITING_FOR_SCHEDULED_DATE");
        expect(request.scheduledDate).to.deep.equal(soon);
      }
    });
  });
}
