import { expect } from "chai";
import type { Reason } from "../../../src/requests/reasons.js";
import type { Accepted } from "../../../src/store/request-store.js";
import { takes } from "../../support/provider-rules.js";
import { type Create, onCards } from "./creates.js";
import { completed } from "./results.js";
import { START, type StoreStage, stored } from "./stage.js";

const reasons = (accepted: Accepted | undefined): Reason[] =>
  accepted?.kind === "refused" ? accepted.faults.map((fault) => fault.reason) : [];

const NOWHERE: Create = {
  subscription: { by: "number", value: "S-9" },
  smartcard: { by: "id", value: "card-99" },
};

/** A create for a card of a subscription, by one of the names of each. */
type Way = (subscription: number, card: string) => Create;
const byIds: Way = (subscription, card) => ({
  subscription: { by: "id", value: `sub-${subscription}` },
  smartcard: { by: "id", value: card },
});
const bySerials: Way = (subscription, card) => ({
  subscription: { by: "number", value: `S-${subscription}` },
  smartcard: { by: "serial_number", value: `serial-${card}` },
});
const byCodes: Way = (subscription, card) => ({
  ...bySerials(subscription, card),
  smartcard: { by: "alternative_code", value: `code-${card}` },
});
const WAYS_TO_NAME: readonly [title: string, ways: readonly Way[]][] = [
  ["all by id", [byIds]],
  ["all by number and serial number", [bySerials]],
  ["all by alternative code", [byCodes]],
  ["by number, and cards by two names", [bySerials, byCodes]],
  ["by all names", [byIds, bySerials, byCodes]],
];

const REAUTHORISE_ONLY = takes(["REAUTHORISE_ALL_SERVICES"]);

const REFUSED: readonly [title: string, create: Create, reasons: Reason[]][] = [
  [
    "an unknown subscription id",
    { subscription: { by: "id", value: "S-1" } },
    ["SUBSCRIPTION_NOT_FOUND"],
  ],
  [
    "an unknown subscription number",
    { subscription: { by: "number", value: "sub-1" } },
    ["SUBSCRIPTION_NOT_FOUND"],
  ],
  ["an unknown card id", { card: "serial-card-0" }, ["SMARTCARD_NOT_FOUND"]],
  [
    "an unknown serial number",
    { smartcard: { by: "serial_number", value: "card-0" } },
    ["SMARTCARD_NOT_FOUND"],
  ],
  [
    "an unknown alternative code",
    { smartcard: { by: "alternative_code", value: "card-0" } },
    ["SMARTCARD_NOT_FOUND"],
  ],
  ["nothing known", NOWHERE, ["SUBSCRIPTION_NOT_FOUND", "SMARTCARD_NOT_FOUND"]],
  ["a card of another subscription", { card: "foreign" }, ["SMARTCARD_NOT_OF_SUBSCRIPTION"]],
  ["a box", { card: "box" }, ["ITEM_NOT_A_SMARTCARD"]],
  ["a card without a provider", { card: "bare" }, ["SMARTCARD_WITHOUT_PROVIDER"]],
  ["a provider that is not effective", { card: "gamma-0" }, ["PROVIDER_NOT_EFFECTIVE"]],
  [
    "a command that is not supported",
    { command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" }, card: "beta-0" },
    ["COMMAND_NOT_SUPPORTED"],
  ],
  [
    "all that does not fit",
    {
      card: "box",
      subscription: { by: "id", value: "sub-2" },
      command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" },
    },
    ["SMARTCARD_NOT_OF_SUBSCRIPTION", "ITEM_NOT_A_SMARTCARD", "COMMAND_NOT_SUPPORTED"],
  ],
];

export function describeAccepting(stage: StoreStage): void {
  describe("accepting", () => {
    it("answers with the request as a read returns it", async () => {
      const [due, behind, scheduled, elsewhere] = await stage.accept([
        {},
        {},
        { card: "card-1", scheduledDate: START + 5000 },
        { card: "beta-0", priority: "EXPRESS" },
      ]);
      const [immediate] = await stage.accept([{ card: "card-2", processImmediately: true }], {
        places: { alpha: 1 },
      });
      for (const accepted of [due, behind, scheduled, elsewhere, immediate]) {
        const { request } = stored(accepted);
        expect(await stage.get(request.number)).to.deep.equal(request);
      }
    });

    it("keeps all that a create says", async () => {
      const create: Create = {
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
        bodyHash: "hash",
        scheduledDate: START + 60_000,
        priority: "EXPRESS",
        expireDate: START + 120_000,
        requestId: "3f0c8f0e-0000-4000-8000-000000000001",
        callerReference: `ticket '7' "x" \\ ? $1 é 😀`,
        onBehalfOf: "Mrs O'Neill",
        reason: "card was replaced",
        retryOf: "0190a000-0000-7000-8000-000000000001",
        createdBy: "desk",
      };
      const request = await stage.storeOne(create);
      expect(request).to.deep.include({
        command: create.command,
        provider: "alpha",
        subscription: { id: "sub-1", number: "S-1" },
        smartcard: {
          id: "card-0",
          serialNumber: "serial-card-0",
          alternativeCode: "code-card-0",
          caId: "ca-card-0",
        },
        scheduledDate: create.scheduledDate,
        processImmediately: false,
        priority: "EXPRESS",
        expireDate: create.expireDate,
        requestId: create.requestId,
        callerReference: create.callerReference,
        onBehalfOf: create.onBehalfOf,
        reason: create.reason,
        retryOf: create.retryOf,
        createdDate: START,
        createdBy: "desk",
        updatedDate: START,
        updatedBy: "desk",
        lifeCycleState: "PENDING",
        attempts: 0,
        sequenceNumber: 0,
        transactionNumber: 0,
      });
      expect(await stage.get(request.number)).to.deep.equal(request);
    });

    it("knows subscription and card by each of their names", async () => {
      const requests = await stage.store(
        { subscription: { by: "number", value: "S-1" } },
        { smartcard: { by: "serial_number", value: "serial-card-0" } },
        { smartcard: { by: "alternative_code", value: "code-card-0" } },
      );
      for (const { subscription, smartcard } of requests) {
        expect([subscription.id, smartcard.id]).to.deep.equal(["sub-1", "card-0"]);
      }
    });

    for (const [title, ways] of WAYS_TO_NAME) {
      it(`knows subscriptions and cards of many creates at once, ${title}`, async () => {
        const cards = Array.from({ length: 24 }, (_, i) =>
          i === 7 ? "card-99" : `card-${i % 12}`,
        );
        const accepted = await stage.accept(
          cards.map((card, i) => (ways[i % ways.length] ?? byIds)(i === 7 ? 9 : 1, card)),
        );
        expect(reasons(accepted[7])).to.deep.equal([
          "SUBSCRIPTION_NOT_FOUND",
          "SMARTCARD_NOT_FOUND",
        ]);
        const found = accepted.toSpliced(7, 1).map((one) => stored(one).request);
        expect(found.map(({ subscription, smartcard }) => [subscription, smartcard])).to.deep.equal(
          cards.toSpliced(7, 1).map((card) => [
            { id: "sub-1", number: "S-1" },
            {
              id: card,
              serialNumber: `serial-${card}`,
              alternativeCode: `code-${card}`,
              caId: `ca-${card}`,
            },
          ]),
        );
        for (const request of found) {
          expect(await stage.get(request.number)).to.deep.equal(request);
        }
      });
    }

    it("finds a request by id and by number, and nothing for other names", async () => {
      const { id, number } = await stage.storeOne({});
      expect((await stage.requests.get({ by: "id", value: id }))?.number).to.equal(number);
      expect((await stage.requests.get({ by: "number", value: number }))?.id).to.equal(id);
      expect(await stage.requests.get({ by: "id", value: String(number) })).to.equal(undefined);
      expect(await stage.requests.get({ by: "number", value: number + 1 })).to.equal(undefined);
    });

    for (const [title, create, expected] of REFUSED) {
      it(`refuses ${title}`, async () => {
        const [accepted] = await stage.accept([create], { rules: REAUTHORISE_ONLY });
        expect(reasons(accepted)).to.deep.equal(expected);
        expect(await stage.execute("SELECT number FROM requests")).to.deep.equal([]);
      });
    }

    it("names the field and the resource of a fault", async () => {
      const [accepted] = await stage.accept([NOWHERE]);
      expect(accepted?.kind === "refused" && accepted.faults).to.deep.equal([
        {
          reason: "SUBSCRIPTION_NOT_FOUND",
          field: "subscription_identifier.number",
          description: "no subscription has this number",
          resource: { type: "subscription", name: "S-9" },
        },
        {
          reason: "SMARTCARD_NOT_FOUND",
          field: "smartcard_identifier.id",
          description: "no smartcard has this id",
          resource: { type: "smartcard", name: "card-99" },
        },
      ]);
    });

    it("refuses one create of a batch and stores its neighbours", async () => {
      const [before, refused, after] = await stage.accept([{}, NOWHERE, {}]);
      expect(refused?.kind).to.equal("refused");
      expect(await stage.drain()).to.deep.equal([
        stored(before).request.number,
        stored(after).request.number,
      ]);
    });

    it("gives numbers that rise with the place in the batch and from batch to batch", async () => {
      const creates = Array.from({ length: 300 }, (_, i) => ({ card: `card-${(i * 7) % 12}` }));
      const first = await stage.store(...creates);
      const second = await stage.store(...onCards(12));
      const numbers = [...first, ...second].map((request) => request.number);
      expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
      expect(new Set(numbers).size).to.equal(312);
      expect(first.map((request) => request.smartcard.id)).to.deep.equal(
        creates.map(({ card }) => card),
      );
    });

    it("takes a thousand creates in one batch, and none", async () => {
      const creates = Array.from({ length: 1000 }, (_, i) => ({ card: `card-${i % 12}` }));
      expect(await stage.store(...creates)).to.have.lengthOf(1000);
      expect(await stage.accept([])).to.deep.equal([]);
    });

    it("keeps provider, CA id and subscription number as they were at the creation", async () => {
      const request = await stage.storeOne({});
      await stage.execute(
        "UPDATE installed_items SET provider = 'beta', ca_id = 'ca-new' WHERE id = 'card-0'",
      );
      await stage.execute("UPDATE subscriptions SET number = 'S-new' WHERE id = 'sub-1'");
      expect(await stage.get(request.number)).to.deep.equal(request);
      const head = await stage.claimOne();
      expect([head.provider, head.caId, head.subscriptionNumber]).to.deep.equal([
        "alpha",
        "ca-card-0",
        "S-1",
      ]);
      const later = await stage.storeOne({});
      expect([later.provider, later.smartcard.caId]).to.deep.equal(["beta", "ca-new"]);
    });

    it("hands a sealed PIN to who claims the request, and forgets it with its end", async () => {
      await stage.store({
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
      });
      const head = await stage.claimOne();
      expect(head).to.deep.include({
        command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
        sealedPin: "sealed",
      });
      await stage.apply(completed(head));
      const everything = [
        await stage.execute("SELECT * FROM requests"),
        await stage.execute("SELECT * FROM outcomes"),
        await stage.execute("SELECT * FROM waiting"),
        await stage.execute("SELECT * FROM lanes"),
      ];
      expect(JSON.stringify(everything)).not.to.include("sealed");
    });
  });
}
