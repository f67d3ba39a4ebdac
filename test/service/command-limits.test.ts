import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { shippedFile } from "../../src/adapters/profile/shipped-profiles.js";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { boxOf, itemOf, ProvisioningCalls, seconds } from "../support/provisioning-calls.js";
import { failureOf } from "../support/rpc-client.js";
import { testFolder } from "../support/test-folder.js";
import { timestamp } from "../support/world/api.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const message = (text: string, duration = 20, repeat?: number) =>
  itemOf("sendOnScreenMessage", 0, {
    text,
    duration: seconds(duration),
    repeatInterval: repeat === undefined ? undefined : seconds(repeat),
  });

const MANY = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`S${i}`, `${1000 + i}`]));

const LIMITED: readonly (readonly [title: string, item: Item, field: string, why: string])[] = [
  ["a text over its bytes", message("é".repeat(257)), "text", "has 514 bytes, over 512"],
  ["a duration over its number", message("x", 65_536), "duration", "over 65535"],
  ["a repetition that it has no field for", message("x", 5, 10), "repeat_interval", "nothing that"],
  [
    "more services than one message may have",
    itemOf("cancelServices", 0, { services: Object.keys(MANY) }),
    "services",
    "has 65 values, over 64",
  ],
  [
    "a date after the last that four bytes can say",
    itemOf("authoriseServices", 0, {
      services: ["S1"],
      startDate: undefined,
      endDate: timestamp(Date.UTC(2200, 0, 1)),
    }),
    "end_date",
    "4294967295",
  ],
];

/** The reference profile with limits of its own for texts and PINs. */
function strictProfile(): string {
  const text = readFileSync(shippedFile("nds"), "utf8")
    .replace(
      "\nsettings:",
      `
limits:
  pin: { min: 6, max: 8 }
  text: { max: 10, unit: characters }
  duration: { min: 10, max: 100, step: 10 }
settings:`,
    )
    .replace("chars: digits, min: 4, max: 4, secret", "chars: digits, secret");
  const file = join(testFolder("profile"), "strict.yaml");
  writeFileSync(file, text);
  return file;
}

for (const database of ONE_OF_EACH) {
  describe(`limits of a provider on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(providers: Parameters<typeof worlds.start>[0]) {
      const world = await worlds.start(providers);
      return { world, api: world.api, calls: new ProvisioningCalls(world) };
    }

    it("refuse a create before it is stored, and name the field", async () => {
      const { api, calls } = await start({ providers: [{ services: MANY }], caUp: false });
      for (const [title, item, field, why] of LIMITED) {
        const failure = await failureOf(calls.send(item));
        expect(failure, title).to.include({
          code: "INVALID_ARGUMENT",
          reason: "VALUE_NOT_SENDABLE",
        });
        const named = failure.badRequest?.fieldViolations.map((one) => one.field);
        expect(named, title).to.deep.equal([field]);
        expect(failure.message, title).to.contain("provider nds-main").and.contain(why);
      }
      const results = await calls.batchCreate(LIMITED.map(([, item]) => item));
      for (const { outcome } of results) expect(outcome?.$case).to.equal("status");
      expect(await api.all()).to.deep.equal([]);
    });

    it("are told all at once", async () => {
      const { calls } = await start({ caUp: false });
      const failure = await failureOf(calls.send(message("x".repeat(600), 70_000, 80_000)));
      expect(failure.badRequest?.fieldViolations.map((one) => one.field)).to.have.members([
        "text",
        "duration",
        "repeat_interval",
      ]);
    });

    it("let through what is just within them", async () => {
      const { api, calls } = await start({ providers: [{ services: MANY }] });
      const services = Object.keys(MANY).slice(1);
      const items = [
        message("é".repeat(256), 65_535),
        itemOf("cancelServices", 1, { services }),
        itemOf("pairDevices", 2, boxOf("box")),
      ];
      for (const item of items) {
        const { provisioningRequest: request } = await calls.send(item);
        const ended = await api.ended(request ?? { number: 0n });
        expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
    });

    it("are what the profile declares where it declares them", async () => {
      const { calls } = await start({ providers: [{ protocol: strictProfile() }], caUp: false });
      const failure = await failureOf(calls.send(message("x".repeat(11), 15)));
      expect(failure.message).to.contain("has 11 characters, over 10");
      expect(failure.message).to.contain("is 15, no multiple of 10");
      for (const pin of ["12345", "123456789"]) {
        expect((await failureOf(calls.setPin(0, pin))).message).to.contain("must be 6 to 8 digits");
      }
      expect((await calls.setPin(0, "1234567")).lifeCycleState).to.equal(
        "LIFE_CYCLE_STATE_PENDING",
      );
    });

    it("refuse what the inventory has and the protocol cannot say as a precondition", async () => {
      const { world, api } = await start({ caUp: false });
      const store = await world.database();
      const number = "é".repeat(40);
      await store.write("import", (tx) =>
        tx.all("UPDATE subscriptions SET number = ? WHERE id = 'sub-1'", [number]),
      );
      const failure = await failureOf(api.create(0));
      expect(failure).to.include({
        code: "FAILED_PRECONDITION",
        reason: "INVENTORY_NOT_SENDABLE",
      });
      expect(failure.message).to.contain("subscription_identifier.id").and.contain("80 bytes");
    });
  });
}
