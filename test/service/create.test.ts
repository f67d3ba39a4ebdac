import { expect } from "chai";
import {
  ProvisioningRequest_Priority as Priority,
  type ProvisioningRequest,
} from "../../src/gen/provisioning/v1/provisioning_request.js";
import type { ReauthoriseAllServicesRequest } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { failureOf } from "../support/rpc-client.js";
import { createOf, timestamp } from "../support/world/api.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;
const TEN_YEARS_MS = 3654 * 24 * HOUR_MS;

interface Wrong {
  readonly title: string;
  readonly message: () => Partial<ReauthoriseAllServicesRequest>;
  readonly code: string;
  readonly reason: string;
  readonly fields: readonly string[];
}

const invalid = (
  title: string,
  message: () => Partial<ReauthoriseAllServicesRequest>,
  ...fields: string[]
): Wrong => ({ title, message, code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST", fields });

const subscription = (value: string) => ({
  subscriptionIdentifier: { identifier: { $case: "id" as const, value } },
});
const card = (value: string) => ({
  smartcardIdentifier: { identifier: { $case: "id" as const, value } },
});

const WRONG: readonly Wrong[] = [
  invalid(
    "no identifiers",
    () => ({ subscriptionIdentifier: undefined, smartcardIdentifier: undefined }),
    "subscription_identifier",
    "smartcard_identifier",
  ),
  invalid(
    "identifiers without a member",
    () => ({
      subscriptionIdentifier: { identifier: undefined },
      smartcardIdentifier: { identifier: undefined },
    }),
    "subscription_identifier",
    "smartcard_identifier",
  ),
  invalid("an empty subscription id", () => subscription(""), "subscription_identifier.id"),
  invalid("an empty card id", () => card(""), "smartcard_identifier.id"),
  invalid("a control character", () => card("a\u0000b"), "smartcard_identifier.id"),
  invalid(
    "process_immediately with a date to come",
    () => ({ processImmediately: true, scheduledDate: timestamp(Date.now() + HOUR_MS) }),
    "process_immediately",
  ),
  invalid(
    "a date more than ten years ahead",
    () => ({ scheduledDate: timestamp(Date.now() + TEN_YEARS_MS) }),
    "scheduled_date",
  ),
  invalid(
    "an expire_date that has passed",
    () => ({ expireDate: timestamp(Date.now() - 1000) }),
    "expire_date",
  ),
  invalid(
    "an expire_date before the scheduled date",
    () => ({
      scheduledDate: timestamp(Date.now() + 2 * HOUR_MS),
      expireDate: timestamp(Date.now() + HOUR_MS),
    }),
    "expire_date",
  ),
  invalid("a request_id that is no UUID", () => ({ requestId: "42" }), "request_id"),
  invalid(
    "an overlong reference",
    () => ({ callerReference: "x".repeat(129) }),
    "caller_reference",
  ),
  {
    title: "a subscription and a card that are not there",
    message: () => ({ ...subscription("unknown"), ...card("unknown") }),
    code: "NOT_FOUND",
    reason: "SUBSCRIPTION_NOT_FOUND",
    fields: ["subscription_identifier.id", "smartcard_identifier.id"],
  },
  {
    title: "a card that is not there",
    message: () => card("unknown"),
    code: "NOT_FOUND",
    reason: "SMARTCARD_NOT_FOUND",
    fields: ["smartcard_identifier.id"],
  },
  ...(
    [
      ["a card of another subscription", "foreign", "SMARTCARD_NOT_OF_SUBSCRIPTION"],
      ["a set-top box", "box", "ITEM_NOT_A_SMARTCARD"],
      ["a card without a provider", "bare", "SMARTCARD_WITHOUT_PROVIDER"],
      ["a card of a provider that is not there", "other-0", "PROVIDER_NOT_EFFECTIVE"],
    ] as const
  ).map(([title, id, reason]) => ({
    title,
    message: () => card(id),
    code: "FAILED_PRECONDITION",
    reason,
    fields: ["smartcard_identifier.id"],
  })),
];

for (const database of ONE_OF_EACH) {
  describe(`ReauthoriseAllServices on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("acknowledges a request as PENDING and sends it in a run that it starts", async () => {
      const { api } = await worlds.start();
      const request = await api.create(0);
      expect(request).to.include({
        number: 1n,
        type: "COMMAND_TYPE_REAUTHORISE_ALL_SERVICES",
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        processImmediately: false,
        provider: "nds-main",
        priority: "PRIORITY_REGULAR",
        createdBy: "local",
        transactionNumber: 0n,
        sequenceNumber: 0n,
        attempts: 0,
      });
      expect(request.scheduledDate).to.deep.equal(request.createdDate);
      const ended = await api.ended(request);
      const [run] = await api.runs();
      expect(ended).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        processName: "default",
        processId: run?.id,
        referenceNumber: "R7-1",
        attempts: 1,
      });
      expect(run).to.include({ trigger: "TRIGGER_WAKE", runDefinition: "default", selected: 1n });
    });

    it("keeps everything that the caller gave", async () => {
      const { api } = await worlds.start();
      const given = {
        priority: Priority.PRIORITY_EXPRESS,
        requestId: "0190a000-0000-7000-8000-000000000001",
        callerReference: "order 17",
        onBehalfOf: "Zoë",
        reason: "moved house",
      };
      const stored = await api.get((await api.create(3, given)).number);
      expect(stored).to.include(given);
      expect(stored.subscription).to.deep.equal({ id: "sub-1", number: "S-1" });
      expect(stored.smartcard).to.deep.equal({
        id: "card-3",
        serialNumber: "serial-card-3",
        alternativeCode: "code-card-3",
        caId: "100000000003",
      });
    });

    it("answers each of many callers at once with the request that it made", async () => {
      const { api } = await worlds.start({ caUp: false });
      const references = Array.from({ length: 60 }, (_, i) => `ticket ${"x".repeat(i % 7)}${i}`);
      const made = await Promise.all(
        references.map((callerReference, i) => api.create(i % 20, { callerReference })),
      );
      expect(made.map(({ callerReference }) => callerReference)).to.deep.equal(references);
      const stored = new Map((await api.all()).map((request) => [request.id, request]));
      expect(stored.size).to.equal(references.length);
      expect(made.map(({ id }) => stored.get(id)?.callerReference)).to.deep.equal(references);
    });

    it("finds subscription and card by each of their identifiers", async () => {
      const { api } = await worlds.start();
      const same = [
        createOf(5),
        {
          ...createOf(5),
          subscriptionIdentifier: { identifier: { $case: "number" as const, value: "S-1" } },
          smartcardIdentifier: {
            identifier: { $case: "serialNumber" as const, value: "serial-card-5" },
          },
        },
        {
          ...createOf(5),
          smartcardIdentifier: {
            identifier: { $case: "alternativeCode" as const, value: "code-card-5" },
          },
        },
      ];
      const cards: (ProvisioningRequest["smartcard"] | undefined)[] = [];
      for (const message of same)
        cards.push((await api.send(message)).provisioningRequest?.smartcard);
      expect(cards.map((found) => found?.id)).to.deep.equal(["card-5", "card-5", "card-5"]);
    });

    it("takes a date in the past as now, and keeps it as given", async () => {
      const { api } = await worlds.start();
      const scheduled = Date.now() - HOUR_MS;
      const ended = await api.ended(await api.create(0, { scheduled }));
      expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect(ended.scheduledDate).to.deep.equal(timestamp(scheduled));
    });

    it("refuses what is wrong with its code, reason and fields, and stores nothing", async () => {
      const { api, ca } = await worlds.start();
      for (const { title, message, code, reason, fields } of WRONG) {
        const failure = await failureOf(api.send({ ...createOf(0), ...message() }));
        expect(failure, title).to.include({ code, reason });
        for (const field of fields) expect(failure.message, title).to.contain(`${field}: `);
        const violations = failure.badRequest?.fieldViolations.map((one) => one.field);
        if (code === "INVALID_ARGUMENT") expect(violations, title).to.deep.equal(fields);
      }
      expect(await api.all()).to.deep.equal([]);
      expect(ca.count("arrival")).to.equal(0);
    });

    it("refuses a command that the provider's settings leave out", async () => {
      const { api } = await worlds.start({ providers: [{ commands: [] }] });
      expect(await failureOf(api.reauthorise(0))).to.include({
        code: "FAILED_PRECONDITION",
        reason: "COMMAND_NOT_SUPPORTED",
      });
    });
  });
}
