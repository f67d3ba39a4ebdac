import { expect } from "chai";
import { knexLaneStore } from "../../../src/store/knex/knex-lane-store.js";
import { accepted, LEASE_MS, leased, type PullStage } from "./pull-stage.js";
import { present, START } from "./stage.js";

export function describeLeasing(pull: PullStage): void {
  const held = async (options: Parameters<PullStage["claim"]>[0] = {}) =>
    leased(await pull.claim(options)).heldBackBy;

  describe("claims for leases", () => {
    it("hand out heads only, oldest first, with their numbers and all that is known", async () => {
      const [first, second, later] = await pull.create(1, 0, 1);
      const claimed = leased(await pull.claim({ lease: "pull/loop/a" }));
      expect(claimed).to.deep.include({ expireDate: START + LEASE_MS, heldBackBy: undefined });
      expect(claimed.handedOut.map(({ head }) => head)).to.deep.equal(
        [first, second].map((request, i) => ({
          provider: "pulled",
          caId: `ca-pulled-${1 - i}`,
          number: request?.number,
          id: request?.id,
          claimNumber: 1,
          sequenceNumber: i + 1,
          transactionNumber: i + 1,
          command: { type: "REAUTHORISE_ALL_SERVICES" },
          sealedPin: undefined,
          subscriptionNumber: "S-1",
          processImmediately: false,
          urgent: false,
          attempts: 0,
          tries: 0,
          depth: 2 - i,
        })),
      );
      const [handedOut] = claimed.handedOut;
      const shown = await pull.stage.get(present(first).number);
      expect(handedOut?.request).to.deep.equal(shown);
      expect(shown).to.deep.include({
        lifeCycleState: "PROCESSING",
        executedDate: START,
        processName: "PROCESS_BY_PULL",
        waitingFor: undefined,
        transactionNumber: 1,
      });
      expect((await pull.stage.get(present(later).number)).waitingFor).to.equal("EARLIER_REQUEST");
    });

    it("hand nothing out twice while its lease stands, and name the holder", async () => {
      await pull.create(0, 1, 2);
      const [one] = await pull.numbers({ limit: 1, lease: "pull/loop/a" });
      expect(await pull.numbers()).to.have.lengthOf(2);
      await pull.stage.pass(LEASE_MS - 1);
      await pull.store.endLeases();
      expect(await pull.numbers()).to.deep.equal([]);
      const page = { provider: "pulled", blockedOnly: false, limit: 10, after: undefined };
      const { lanes } = await knexLaneStore(pull.stage.database).list(page);
      const id = (await pull.stage.get(present(one))).id;
      expect(lanes.find(({ headId }) => headId === id)?.owner).to.equal("pull/loop/a");
    });

    it("take urgent lanes first, and nothing before its date", async () => {
      const [regular, express, immediate, scheduled] = await pull.create(
        0,
        { card: "pulled-1", priority: "EXPRESS" },
        { card: "pulled-2", processImmediately: true },
        { card: "pulled-3", scheduledDate: START + 5000 },
      );
      const expected = [immediate, express, regular].map((request) => request?.number);
      expect(await pull.numbers()).to.deep.equal(expected);
      await pull.stage.pass(4999);
      expect(await pull.numbers()).to.deep.equal([]);
      await pull.stage.pass(1);
      expect(await pull.numbers()).to.deep.equal([scheduled?.number]);
    });

    it("hand nothing out of a provider that is not effective, and say so", async () => {
      await pull.create(0);
      await pull.stage.execute("UPDATE providers SET life_cycle_state = 'NOT_EFFECTIVE'");
      expect(await pull.claim()).to.deep.equal({
        kind: "leased",
        handedOut: [],
        expireDate: 0,
        heldBackBy: "PROVIDER_NOT_EFFECTIVE",
      });
      await pull.stage.execute("UPDATE providers SET life_cycle_state = 'EFFECTIVE'");
      expect(await pull.numbers()).to.have.lengthOf(1);
    });

    it("are refused for a provider that the service sends to, or that is not there", async () => {
      await pull.stage.store({});
      for (const provider of ["alpha", "nobody"]) {
        expect(await pull.claim({ provider })).to.deep.equal({ kind: "not_pulled" });
      }
      expect(await pull.stage.claimHeads()).to.have.lengthOf(1);
    });

    it("keep to the requests that may be handed out at once, over all leases", async () => {
      await pull.create(0, 1, 2, 3);
      const maxInFlight = 3;
      const [first] = await pull.numbers({ limit: 2, maxInFlight });
      const more = leased(await pull.claim({ limit: 2, maxInFlight }));
      expect(more.handedOut).to.have.lengthOf(1);
      expect(more.heldBackBy).to.equal("CAPACITY");
      expect(await held({ maxInFlight })).to.equal("CAPACITY");
      await pull.answered(accepted(present(first)));
      expect(await pull.numbers({ maxInFlight })).to.have.lengthOf(1);
      expect(await held({ maxInFlight: 5 })).to.equal(undefined);
    });

    it("hand out no more than one answer can hold, but one at least", async () => {
      const stored = (await pull.create(0, 1, 2, 3, 4, 5)).map(({ number }) => number);
      const setBytes = (bytes: number, number: number) =>
        pull.stage.execute(
          "UPDATE requests SET type = 'SEND_MAIL', parameters = ? WHERE number = ?",
          [JSON.stringify({ text: "x".repeat(bytes) }), number],
        );
      for (const number of stored.slice(0, 5)) await setBytes(1_000_000, number);
      await setBytes(5_000_000, present(stored[5]));
      const claims = [];
      for (let i = 0; i < 4; i += 1) claims.push(await pull.numbers());
      expect(claims).to.deep.equal([stored.slice(0, 3), stored.slice(3, 5), stored.slice(5), []]);
    });

    it("keep to the provider's rate", async () => {
      const pace = { ratePerSecond: 2, burst: 3 };
      await pull.stage.execute("UPDATE dispatch SET tokens = 3, tokens_date = ?", [START]);
      await pull.create(0, 1, 2, 3, 4);
      expect(await pull.numbers({ pace })).to.have.lengthOf(3);
      expect(await held({ pace })).to.equal("CAPACITY");
      await pull.stage.pass(500);
      expect(await pull.numbers({ pace })).to.have.lengthOf(1);
    });

    it("go on with the provider's numbers, and leave a lease only with something in it", async () => {
      expect(await pull.numbers()).to.deep.equal([]);
      await pull.expectNoLeases();
      await pull.create(0, 0);
      const [first] = await pull.numbers();
      await pull.answered(accepted(present(first)));
      await pull.expectNoLeases();
      const [second] = await pull.handedOut();
      expect(second?.head).to.include({ sequenceNumber: 2, transactionNumber: 2, depth: 1 });
    });

    it("tell by their date whether anybody fetches", async () => {
      const [request] = await pull.create(0);
      const { number } = present(request);
      const waits = async () => {
        const { waitingFor, lastError } = await pull.stage.get(number);
        return [waitingFor, lastError];
      };
      const silent = "PROVIDER_UNAVAILABLE";
      expect(await waits()).to.deep.equal([silent, "nobody has claimed its requests yet"]);
      await pull.claim({ maxInFlight: 0 });
      expect(await waits()).to.deep.equal(["CLAIM", undefined]);
      await pull.stage.pass(59_999);
      expect(await waits()).to.deep.equal(["CLAIM", undefined]);
      await pull.stage.pass(1);
      const since = new Date(START).toISOString();
      expect(await waits()).to.deep.equal([
        silent,
        `nobody has claimed its requests since ${since}`,
      ]);
      await pull.claim({ maxInFlight: 0 });
      expect(await waits()).to.deep.equal(["CLAIM", undefined]);
    });
  });
}
