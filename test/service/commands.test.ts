import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { type CommandParameters, CommandType } from "../../src/gen/provisioning/v1/command.js";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { boxOf, itemOf, ProvisioningCalls, seconds } from "../support/provisioning-calls.js";
import { timestamp } from "../support/world/api.js";
import { present } from "../support/world/eventually.js";
import { caIdOf } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const END = Date.UTC(2100, 0, 1);
const SERVICES = [
  { code: "SPORT", caId: "0012" },
  { code: "NEWS", caId: "0014" },
];
const BOX = {
  id: "box",
  serialNumber: "serial-box",
  alternativeCode: "code-box",
  caId: caIdOf(0),
};

interface Row {
  readonly type: string;
  readonly item: (card: number, wanted?: object) => Item;
  readonly parameters: CommandParameters["command"];
  /** What the wire text has besides card and transaction. */
  readonly sent: string;
}

const ROWS: readonly Row[] = [
  {
    type: "AUTHORISE_SERVICES",
    item: (card, wanted) =>
      itemOf(
        "authoriseServices",
        card,
        { services: ["SPORT", "NEWS"], startDate: undefined, endDate: timestamp(END) },
        wanted,
      ),
    parameters: {
      $case: "authoriseServices",
      value: { services: SERVICES, startDate: undefined, endDate: timestamp(END) },
    },
    sent: "service_ca_id=0012 service_ca_id=0014 end=2100-01-01T00:00:00Z",
  },
  {
    type: "CANCEL_SERVICES",
    item: (card, wanted) => itemOf("cancelServices", card, { services: ["SPORT", "NEWS"] }, wanted),
    parameters: { $case: "cancelServices", value: { services: SERVICES } },
    sent: "service_ca_id=0012 service_ca_id=0014",
  },
  {
    type: "PAIR",
    item: (card, wanted) => itemOf("pairDevices", card, boxOf("box"), wanted),
    parameters: { $case: "pair", value: { setTopBox: BOX } },
    sent: `stb_ca_id=${caIdOf(0)}`,
  },
  {
    type: "UNPAIR",
    item: (card, wanted) => itemOf("unpairDevices", card, {}, wanted),
    parameters: { $case: "unpair", value: {} },
    sent: "",
  },
  {
    type: "SEND_MAIL",
    item: (card, wanted) => itemOf("sendMail", card, { text: "Bonne soirée" }, wanted),
    parameters: { $case: "sendMail", value: { text: "Bonne soirée" } },
    sent: 'text="Bonne soirée"',
  },
  {
    type: "SEND_ON_SCREEN_MESSAGE",
    item: (card, wanted) =>
      itemOf(
        "sendOnScreenMessage",
        card,
        { text: "Hello", duration: seconds(20), repeatInterval: undefined },
        wanted,
      ),
    parameters: {
      $case: "sendOnScreenMessage",
      value: { text: "Hello", duration: seconds(20), repeatInterval: undefined },
    },
    sent: "text=Hello duration=20",
  },
  {
    type: "DISPLAY_FINGERPRINT",
    item: (card, wanted) => itemOf("displayFingerprint", card, { duration: seconds(5) }, wanted),
    parameters: { $case: "displayFingerprint", value: { duration: seconds(5) } },
    sent: "duration=5",
  },
];

for (const database of ONE_OF_EACH) {
  describe(`commands on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      return { world, api: world.api, ca: world.ca, calls: new ProvisioningCalls(world) };
    }

    for (const { type, item, parameters, sent } of ROWS) {
      it(`carry ${type} to the CA system and show what it was given`, async () => {
        const { api, ca, calls } = await start();
        const response = await calls.send(item(0, { processImmediately: true }));
        const request = present(response.provisioningRequest);
        expect(request).to.include({
          type: `COMMAND_TYPE_${type}`,
          lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
          referenceNumber: `R7-${request.transactionNumber}`,
          answer: undefined,
        });
        expect(request.parameters?.command).to.deep.equal(parameters);
        const text = `${type} transaction=${request.transactionNumber} smartcard_ca_id=${caIdOf(0)} ${sent}`;
        expect(request.request).to.equal(text.trimEnd());
        expect(await api.get(request.number)).to.deep.equal(request);
        const [effect] = ca.of("effect");
        expect(effect).to.deep.include({
          src: 7,
          txn: Number(request.transactionNumber),
          type,
          card: caIdOf(0),
        });
        expect(ca.count("arrival")).to.equal(1);
      });
    }

    it("go together in a batch, in order, and are found by their types", async () => {
      const { api, ca, calls } = await start();
      const results = await calls.batchCreate(ROWS.map(({ item }) => item(3)));
      expect(results.map(({ outcome }) => outcome?.$case)).to.deep.equal(ROWS.map(() => "created"));
      await ca.reaches(ROWS.length, "effect");
      expect(ca.of("effect").map(({ type }) => type)).to.deep.equal(ROWS.map(({ type }) => type));
      const types = [CommandType.COMMAND_TYPE_PAIR, CommandType.COMMAND_TYPE_UNPAIR];
      const found = await api.all({ types });
      expect(found.map(({ type }) => type)).to.deep.equal([
        "COMMAND_TYPE_PAIR",
        "COMMAND_TYPE_UNPAIR",
      ]);
      for (const request of await api.allEnded(found)) {
        expect(request.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
    });

    it("are replayed with the same content under a request_id, and refused with other", async () => {
      const { calls } = await start({ caUp: false });
      for (const { type, item } of ROWS) {
        const wanted = { requestId: randomUUID() };
        const first = await calls.send(item(1, wanted));
        const again = await calls.send(item(1, wanted));
        expect(again.replayed, type).to.equal(true);
        expect(again.provisioningRequest, type).to.deep.equal(first.provisioningRequest);
      }
    });

    it("keep the ids that they were created with when the provider's services change", async () => {
      const { world, api, calls } = await start({ caUp: false });
      const request = await calls.create("cancelServices", 0, { services: ["SPORT"] });
      const store = await world.database();
      await store.write("import", (tx) =>
        tx.all(`UPDATE providers SET services = '{"SPORT":"9999"}', version = version + 1`),
      );
      await world.caUp();
      const ended = await api.ended(request);
      expect(ended.request).to.contain("service_ca_id=0012");
    });

    it("are made again as the services are today when a rejected one is retried", async () => {
      const { world, api, calls } = await start({ simulator: { behaviour: { rejectRate: 1 } } });
      const made = [];
      for (const { item } of ROWS) made.push((await calls.send(item(2))).provisioningRequest);
      world.simulator.change({ rejectRate: 0 });
      for (const one of made) {
        const rejected = await api.ended(present(one));
        if (rejected.lifeCycleState !== "LIFE_CYCLE_STATE_REJECTED") continue;
        const retried = await calls.retry(rejected);
        expect(retried.parameters).to.deep.equal(rejected.parameters);
        expect((await api.ended(retried)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
    });
  });
}
