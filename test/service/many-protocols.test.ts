import { expect } from "chai";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../src/gen/provisioning/v1/provisioning_service.js";
import { systemClock } from "../../src/requests/clock.js";
import { knexInventoryStore } from "../../src/store/knex/knex-inventory-store.js";
import { CLIENT_TLS } from "../adapters/profile/shipped/certificate.js";
import { ConaxServer } from "../adapters/profile/shipped/conax-server.js";
import { CONNECTIONS } from "../adapters/profile/shipped/connections.js";
import { NagraGateway } from "../adapters/profile/shipped/nagra-gateway.js";
import { boxOf, itemOf, ProvisioningCalls, seconds } from "../support/provisioning-calls.js";
import { acceptedAnswer, PullCalls, rejectedAnswer } from "../support/pull-calls.js";
import { timestamp } from "../support/world/api.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const NAGRA = "nagra";
const CONAX = "conax";
const PULLED = "pulled";
const PRODUCTS = { SPORT: "P-12", GHOST: "GHOST-1" };
/** The cards of the three, with their CA ids. */
const CARDS = [
  ["nagra-1", NAGRA, "BOX-1/CARD-1"],
  ["nagra-2", NAGRA, "BOX-2/CARD-2"],
  ["nagra-3", NAGRA, "BOX-3/CARD-3"],
  ["conax-1", CONAX, "00011122233"],
  ["conax-2", CONAX, "00011122244"],
  ["pulled-1", PULLED, "A/1"],
  ["pulled-2", PULLED, "A/2"],
] as const;

const add = (card: string | number, services: string[], endDate?: number) =>
  itemOf("authoriseServices", card, {
    services,
    startDate: undefined,
    endDate: timestamp(endDate),
  });
const show = (card: string | number, text: string, repeat?: number) =>
  itemOf("sendOnScreenMessage", card, {
    text,
    duration: seconds(20),
    repeatInterval: repeat === undefined ? undefined : seconds(repeat),
  });

/** What a batch asks, and how it ends: at each CA system in its own words. */
const ASKED: readonly (readonly [title: string, item: Item, ended: object])[] = [
  ["NDS refreshes a card", itemOf("reauthoriseAllServices", 0, {}), { state: "COMPLETED" }],
  ["NDS shows a message", show(1, "Hello"), { state: "COMPLETED" }],
  ["NDS has a right that ends", add(2, ["SPORT"], Date.UTC(2100, 0, 1)), { state: "COMPLETED" }],
  ["Nagra adds a product", add("nagra-1", ["SPORT"]), { state: "COMPLETED" }],
  [
    "Nagra does not know a product",
    add("nagra-2", ["GHOST"]),
    { state: "REJECTED", code: "2001", text: "no product GHOST-1" },
  ],
  [
    "Nagra adds one of two, each time",
    add("nagra-3", ["SPORT", "GHOST"]),
    {
      state: "REJECTED",
      code: "ATTEMPTS_EXHAUSTED",
      text: "the last answer was 2001: only some of the services were added: no product GHOST-1",
    },
  ],
  ["Conax shows a message", show("conax-1", "Hello"), { state: "COMPLETED" }],
  [
    "a third party sends mail",
    itemOf("sendMail", "pulled-1", { text: "Hello" }),
    { state: "COMPLETED" },
  ],
  [
    "a third party does not know a card",
    itemOf("unpairDevices", "pulled-2", {}),
    { state: "REJECTED", code: "9", text: "no card A/2" },
  ],
];

/** What a provider cannot do. */
const REFUSED: readonly (readonly [title: string, item: Item, reason: string, field?: string])[] = [
  [
    "Nagra re-authorising",
    itemOf("reauthoriseAllServices", "nagra-1", {}),
    "COMMAND_NOT_SUPPORTED",
  ],
  [
    "Nagra cancelling",
    itemOf("cancelServices", "nagra-1", { services: ["SPORT"] }),
    "COMMAND_NOT_SUPPORTED",
  ],
  ["Nagra showing a message", show("nagra-1", "Hello"), "COMMAND_NOT_SUPPORTED"],
  ["Nagra unpairing", itemOf("unpairDevices", "nagra-1", {}), "COMMAND_NOT_SUPPORTED"],
  [
    "Nagra with a right that ends",
    add("nagra-1", ["SPORT"], Date.UTC(2100, 0, 1)),
    "VALUE_NOT_SENDABLE",
    "end_date",
  ],
  ["Nagra with a service of another", add("nagra-1", ["NEWS"]), "SERVICE_NOT_MAPPED"],
  ["Conax adding services", add("conax-1", ["SPORT"]), "COMMAND_NOT_SUPPORTED"],
  ["Conax sending mail", itemOf("sendMail", "conax-1", { text: "x" }), "COMMAND_NOT_SUPPORTED"],
  ["Conax with a text too long", show("conax-1", "x".repeat(130)), "VALUE_NOT_SENDABLE", "text"],
  [
    "Conax with a message that repeats",
    show("conax-1", "x", 60),
    "VALUE_NOT_SENDABLE",
    "repeat_interval",
  ],
  ["a third party with a service of another", add("pulled-1", ["SPORT"]), "SERVICE_NOT_MAPPED"],
  ["a third party showing a message", show("pulled-1", "Hello"), "COMMAND_NOT_SUPPORTED"],
  ["NDS with a message that repeats", show(0, "x", 60), "VALUE_NOT_SENDABLE", "repeat_interval"],
  [
    "NDS pairing a box of another",
    itemOf("pairDevices", "nagra-1", boxOf("box")),
    "COMMAND_NOT_SUPPORTED",
  ],
];

for (const database of ONE_OF_EACH) {
  describe(`providers of several protocols on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let gateway: NagraGateway;
    let conax: ConaxServer;

    beforeEach(async () => {
      gateway = await NagraGateway.start();
      conax = await ConaxServer.start(CONNECTIONS["conax-contego-messaging"]);
    });
    afterEach(() => Promise.all([gateway.stop(), conax.stop()]));

    async function start() {
      const at = { host: "127.0.0.1", ...CLIENT_TLS };
      const world = await worlds.create({
        providers: [
          { name: PROVIDER },
          {
            name: NAGRA,
            protocol: "nagra-cas-gateway",
            services: PRODUCTS,
            connection: { ...at, port: gateway.port, ...CONNECTIONS["nagra-cas-gateway"] },
            limits: { max_attempts: 2 },
          },
          {
            name: CONAX,
            protocol: "conax-contego-messaging",
            connection: { ...at, port: conax.port, ...CONNECTIONS["conax-contego-messaging"] },
          },
          {
            name: PULLED,
            protocol: "pull",
            commands: ["SEND_MAIL", "UNPAIR", "AUTHORISE_SERVICES"],
            services: {},
          },
        ],
      });
      await stock(world);
      await world.start();
      await world.connected();
      return { world, api: world.api, calls: new ProvisioningCalls(world) };
    }

    it("end one mixed batch as each CA system says", async () => {
      const { world, api, calls } = await start();
      const results = await calls.batchCreate(ASKED.map(([, item]) => item));
      expect(results.map(({ outcome }) => outcome?.$case)).to.deep.equal(
        ASKED.map(() => "created"),
      );
      await loopOnce(world.service.grpc);
      const ended = await api.allEnded(await api.all());
      const shown = ended.map((request) => ({
        state: request.lifeCycleState.replace("LIFE_CYCLE_STATE_", ""),
        ...(request.errorCode !== "" && { code: request.errorCode }),
        ...(request.errorDescription !== "" && { text: request.errorDescription }),
      }));
      expect(shown).to.have.deep.members(ASKED.map(([, , end]) => end));
      expect(
        [...gateway.rights].map(([device, products]) => [device, [...products]]),
      ).to.have.deep.members([
        ["BOX-1", ["P-12"]],
        ["BOX-2", []],
        ["BOX-3", ["P-12"]],
      ]);
      expect(
        conax.barks.map(({ Message, CaClientIds }) => [Message, CaClientIds.CaClientId]),
      ).to.deep.equal([["Hello", ["00011122233"]]]);
    });

    it("refuse what one of them cannot do, with the reason, and store nothing", async () => {
      const { api, calls } = await start();
      const results = await calls.batchCreate(REFUSED.map(([, item]) => item));
      for (const [index, [title, , reason, field]] of REFUSED.entries()) {
        const outcome = results[index]?.outcome;
        if (outcome?.$case !== "status") throw new Error(`${title} was taken`);
        const text = JSON.stringify(
          outcome.value.details.map(({ value }) => Buffer.from(value).toString()),
        );
        expect(text, title).to.contain(reason);
        if (field !== undefined) expect(text, title).to.contain(field);
      }
      expect(await api.all()).to.deep.equal([]);
      expect(gateway.requests).to.deep.equal([]);
      expect(conax.barks).to.deep.equal([]);
    });

    it("never send a message a second time whose answer did not come", async () => {
      const { api, calls } = await start();
      let asked = 0;
      conax.instead = (response) => {
        asked += 1;
        response.socket?.destroy();
      };
      const { provisioningRequest } = await calls.send(show("conax-2", "Hello"));
      const ended = await api.ended(provisioningRequest ?? { number: 0n });
      expect(ended).to.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "OUTCOME_UNKNOWN",
      });
      expect(asked).to.equal(1);
    });

    it("keep what waits for one that lets nobody in, and go on at the others", async () => {
      const { api, calls } = await start();
      let asked = 0;
      gateway.instead = (_, response) => {
        asked += 1;
        response.status(401).end();
      };
      const { provisioningRequest } = await calls.send(add("nagra-1", ["SPORT"]));
      const waiting = provisioningRequest ?? { number: 0n };
      const other = await calls.send(show("conax-1", "Hello"));
      const shown = await api.ended(other.provisioningRequest ?? { number: 0n });
      expect(shown.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect((await api.get(waiting.number)).lifeCycleState).not.to.equal(
        "LIFE_CYCLE_STATE_REJECTED",
      );
      gateway.instead = undefined;
      const ended = await api.ended(waiting);
      expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect(asked).to.be.lessThan(20);
    });
  });
}

/** What a third party does: fetches all there is, and says what became of it. */
async function loopOnce(address: string): Promise<void> {
  const loop = new PullCalls(address);
  try {
    const { pendingRequests } = await loop.claimPending({ provider: PULLED });
    const responses = pendingRequests.map((request) =>
      request.type === "COMMAND_TYPE_SEND_MAIL"
        ? acceptedAnswer(request)
        : rejectedAnswer(request, { errorCode: "9", errorDescription: "no card A/2" }),
    );
    expect(await loop.send(...responses)).to.deep.equal([]);
  } finally {
    loop.close();
  }
}

async function stock(world: World): Promise<void> {
  const items = CARDS.map(([id, provider, caId]) => ({
    id,
    type: "SMARTCARD" as const,
    serialNumber: `serial-${id}`,
    alternativeCode: `code-${id}`,
    ca: { provider, caId },
  }));
  const inventory = knexInventoryStore(await world.database(), systemClock);
  await inventory.upsert([{ id: "sub-1", number: "S-1", items }], { detachUnlistedItems: false });
}
