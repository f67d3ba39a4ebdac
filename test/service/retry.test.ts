import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import { type Pin, ProvisioningCalls } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { timestamp } from "../support/world/api.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;
/** What is tried waits for ten minutes. */
const BUSY = { busyRate: 1, busyRetryAfterMs: 600_000 };
const REJECTING = { simulator: { behaviour: { rejectRate: 1 } } };
const RESET: Pin = { $case: "resetPin", value: true };

const waitsForAttempt = ({ waitingFor }: ProvisioningRequest) =>
  waitingFor === "WAITING_FOR_NEXT_ATTEMPT";

for (const database of ONE_OF_EACH) {
  describe(`RetryProvisioningRequest on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      const { api, ca, simulator } = world;
      return { world, api, ca, simulator, calls: new ProvisioningCalls(world) };
    }

    async function startRejecting(
      create: (calls: ProvisioningCalls) => Promise<ProvisioningRequest>,
    ) {
      const here = await start(REJECTING);
      const rejected = await here.api.ended(await create(here.calls));
      expect(rejected.lifeCycleState).to.equal("LIFE_CYCLE_STATE_REJECTED");
      here.simulator.change({ rejectRate: 0 });
      return { ...here, rejected };
    }

    it("ends the wait for the next attempt", async () => {
      const { api, calls, simulator } = await start({ simulator: { behaviour: BUSY } });
      const request = await api.until(await api.create(0), "a pause", waitsForAttempt);
      simulator.change({ busyRate: 0 });
      const retried = await calls.retry(request);
      expect(retried.id).to.equal(request.id);
      expect(retried.nextAttemptDate).to.equal(undefined);
      const ended = await api.ended(request);
      expect(ended).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        transactionNumber: request.transactionNumber,
      });
    });

    it("refuses one that waits behind another, and names that one", async () => {
      const { api, calls } = await start({ caUp: false });
      const [head, second] = await api.createInOrder(0, 0);
      const failure = await failureOf(calls.retry(second ?? { number: 0n }));
      expect(failure).to.include({ code: "FAILED_PRECONDITION", reason: "STATE_NOT_ALLOWED" });
      expect(failure.message).to.contain(head?.id);
    });

    it("refuses one that is scheduled, being sent, completed or cancelled", async () => {
      const { api, ca, calls, simulator } = await start();
      const completed = await api.ended(await api.create(0));
      const cancelled = await api.cancel((await api.create(1, { scheduled: soon() })).number);
      const scheduled = await api.create(2, { scheduled: soon() });
      simulator.change({ latencyMs: 5000 });
      const sending = await api.create(3);
      await ca.reaches(2, "arrival");
      for (const request of [completed, cancelled, scheduled, sending]) {
        const failure = await failureOf(calls.retry(request));
        expect(failure).to.include({ code: "FAILED_PRECONDITION", reason: "STATE_NOT_ALLOWED" });
      }
    });

    it("changes nothing of one that is due and goes as soon as it can", async () => {
      const { api, calls } = await start({ caUp: false });
      const request = await api.create(0);
      expect(await calls.retry(request)).to.deep.include({
        id: request.id,
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        waitingFor: "WAITING_FOR_PROVIDER_UNAVAILABLE",
        updatedDate: request.updatedDate,
      });
    });

    it("makes a new request of a rejected one", async () => {
      const wanted = {
        callerReference: "order 17",
        reason: "moved house",
        onBehalfOf: "Zoë",
        priority: "PRIORITY_EXPRESS" as never,
        expires: soon(),
      };
      const { api, calls, rejected } = await startRejecting((first) =>
        first.setPin(0, RESET, wanted),
      );
      const retried = await calls.retry(rejected);
      expect(retried).to.include({
        type: "COMMAND_TYPE_SET_USER_PARAMETERS",
        retryOf: rejected.id,
        callerReference: "order 17",
        reason: "moved house",
        onBehalfOf: "",
        priority: "PRIORITY_EXPRESS",
        expireDate: undefined,
        createdBy: "local",
      });
      expect(retried.parameters).to.deep.equal(rejected.parameters);
      expect(Number(retried.number)).to.be.greaterThan(Number(rejected.number));
      expect((await api.ended(retried)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect((await api.get(rejected.number)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_REJECTED");
    });

    it("makes one new request however often it is called with a request_id", async () => {
      const { api, calls, rejected } = await startRejecting((first) => first.setPin(0, "1234"));
      const wish = { requestId: randomUUID(), newPin: "5678" };
      const first = await calls.retry(rejected, wish);
      await api.ended(first);
      expect((await calls.retry(rejected, wish)).id).to.equal(first.id);
      const failure = await failureOf(calls.retry(rejected, { ...wish, newPin: "8765" }));
      expect(failure).to.include({ code: "ALREADY_EXISTS", reason: "REQUEST_ID_REUSED" });
      expect(await api.all()).to.have.lengthOf(2);
    });

    it("needs the PIN again where one was to be set, and takes it nowhere else", async () => {
      const { api, calls, rejected } = await startRejecting((first) => first.setPin(0, "1234"));
      const other = await api.create(1, { scheduled: soon() });
      const wrong = [
        [rejected, ""],
        [rejected, "x5678"],
        [other, "5678"],
      ] as const;
      for (const [request, newPin] of wrong) {
        const failure = await failureOf(calls.retry(request, { newPin }));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        expect(failure.badRequest?.fieldViolations[0]?.field).to.equal("new_pin");
        expect(failure.message).not.to.contain("5678");
      }
      const long = await failureOf(calls.retry(rejected, { newPin: "56789" }));
      expect(long).to.include({ code: "INVALID_ARGUMENT", reason: "VALUE_NOT_SENDABLE" });
      expect(long.badRequest?.fieldViolations[0]?.field).to.equal("new_pin");
      const retried = await calls.retry(rejected, { newPin: "5678" });
      expect((await api.ended(retried)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
    });

    it("holds the new request against today's inventory", async () => {
      const { world, api, calls, rejected } = await startRejecting((first) =>
        first.setPin(0, RESET),
      );
      const database = await world.database();
      await database.write("import", (tx) =>
        tx.all("UPDATE installed_items SET subscription_id = 'sub-2' WHERE id = 'card-0'"),
      );
      const failure = await failureOf(calls.retry(rejected));
      expect(failure.reason).to.equal("SMARTCARD_NOT_OF_SUBSCRIPTION");
      await database.write("import", (tx) =>
        tx.all(
          "UPDATE installed_items SET subscription_id = 'sub-1', ca_id = '999999999999' WHERE id = 'card-0'",
        ),
      );
      const retried = await api.ended(await calls.retry(rejected));
      expect(retried.smartcard?.caId).to.equal("999999999999");
    });

    it("refuses one that was to give a right which has ended", async () => {
      const end = soon();
      const right = { services: ["SPORT"], startDate: undefined, endDate: timestamp(end) };
      const { world, calls, rejected } = await startRejecting((first) =>
        first.create("authoriseServices", 0, right),
      );
      const passed = end - 2 * HOUR_MS;
      const database = await world.database();
      await database.write("import", (tx) =>
        tx.all(`UPDATE requests SET parameters = replace(parameters, '${end}', '${passed}')`),
      );
      const failure = await failureOf(calls.retry(rejected));
      expect(failure).to.include({ code: "FAILED_PRECONDITION", reason: "STATE_NOT_ALLOWED" });
      expect(failure.message).to.contain(new Date(passed).toISOString());
    });

    it("refuses what is no request", async () => {
      const { calls } = await start({ caUp: false });
      expect((await failureOf(calls.retry({ number: 99n }))).reason).to.equal(
        "PROVISIONING_REQUEST_NOT_FOUND",
      );
      const failure = await failureOf(
        calls.retry({ number: 0n }, { requestId: "42", newPin: "x" }),
      );
      expect(failure.badRequest?.fieldViolations.map(({ field }) => field)).to.have.members([
        "number",
        "request_id",
        "new_pin",
      ]);
    });
  });
}

function soon(): number {
  return Date.now() + HOUR_MS;
}
