import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { type Pin, ProvisioningCalls, pinOf } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { present } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const RESET: Pin = { $case: "resetPin", value: true };

const WRONG: readonly { readonly title: string; readonly pin: Pin; readonly field: string }[] = [
  { title: "neither a reset nor a PIN", pin: undefined, field: "pin" },
  { title: "a reset that is false", pin: { $case: "resetPin", value: false }, field: "reset_pin" },
  ...["", "7 39", "abcd", "٧٣٩١", "7391\n", "1".repeat(17)].map((value) => ({
    title: `the PIN ${JSON.stringify(value)}`,
    pin: { $case: "newPin", value } as const,
    field: "new_pin",
  })),
];

for (const database of ONE_OF_EACH) {
  describe(`SetUserParameters on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      return { ...world, world, api: world.api, calls: new ProvisioningCalls(world) };
    }

    it("resets a PIN", async () => {
      const { api, calls } = await start();
      const request = await calls.setPin(0, RESET);
      expect(request).to.include({
        type: "COMMAND_TYPE_SET_USER_PARAMETERS",
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
      });
      expect(request.parameters?.command).to.deep.equal({
        $case: "setUserParameters",
        value: { pinOperation: "PIN_OPERATION_RESET" },
      });
      const ended = await api.ended(request);
      expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
    });

    it("sets a PIN, at once where asked", async () => {
      const { calls } = await start();
      const request = await calls.setPin(0, "7391", { processImmediately: true });
      expect(request).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        processName: "PROCESS_IMMEDIATELY",
      });
      expect(request.parameters?.command).to.deep.equal({
        $case: "setUserParameters",
        value: { pinOperation: "PIN_OPERATION_SET" },
      });
    });

    it("refuses what is no PIN operation, names the field and never quotes a PIN", async () => {
      const { api, calls } = await start();
      for (const { title, pin, field } of WRONG) {
        const failure = await failureOf(calls.setUserParameters(pinOf(0, pin)));
        expect(failure, title).to.include({ code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" });
        const violations = failure.badRequest?.fieldViolations.map((one) => one.field);
        expect(violations, title).to.deep.equal([field]);
        const quoted = pin?.$case === "newPin" && pin.value !== "" && pin.value;
        if (quoted) expect(failure.message, title).not.to.contain(quoted);
      }
      expect(await api.all()).to.deep.equal([]);
    });

    it("refuses a PIN of another length than the provider's, and never quotes it", async () => {
      const { api, calls } = await start();
      for (const pin of ["739", "73915"]) {
        const failure = await failureOf(calls.setUserParameters(pinOf(0, pin)));
        expect(failure).to.include({ code: "INVALID_ARGUMENT", reason: "VALUE_NOT_SENDABLE" });
        expect(failure.badRequest?.fieldViolations.map((one) => one.field)).to.deep.equal([
          "new_pin",
        ]);
        expect(failure.message).to.contain("must be 4 digits").and.not.contain(pin);
      }
      expect(await api.all()).to.deep.equal([]);
    });

    it("tells what is wrong with the PIN together with all else", async () => {
      const { calls } = await start();
      const message = { ...pinOf(0, "x2"), smartcardIdentifier: undefined, requestId: "42" };
      const failure = await failureOf(calls.setUserParameters(message));
      expect(failure.badRequest?.fieldViolations.map((one) => one.field)).to.have.members([
        "new_pin",
        "smartcard_identifier",
        "request_id",
      ]);
    });

    it("replays the same PIN under a request_id and refuses another", async () => {
      const { calls } = await start({ caUp: false });
      const requestId = randomUUID();
      const first = await calls.setUserParameters(pinOf(0, "7391", { requestId }));
      const again = await calls.setUserParameters(pinOf(0, "7391", { requestId }));
      expect([first.replayed, again.replayed]).to.deep.equal([false, true]);
      expect(again.provisioningRequest?.id).to.equal(present(first.provisioningRequest).id);
      for (const other of ["7392", RESET]) {
        const failure = await failureOf(calls.setUserParameters(pinOf(0, other, { requestId })));
        expect(failure).to.include({ code: "ALREADY_EXISTS", reason: "REQUEST_ID_REUSED" });
      }
    });
  });
}
