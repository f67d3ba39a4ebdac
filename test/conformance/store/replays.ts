import { expect } from "chai";
import type { Accepted } from "../../../src/store/request-store.js";
import type { Create } from "./creates.js";
import { completed } from "./results.js";
import { present, type StoreStage, stored } from "./stage.js";

const ID = "3f0c8f0e-0000-4000-8000-000000000001";
const CREATE: Create = { requestId: ID, bodyHash: "body" };

/** The accepted request, when it was a replay. */
function replayed(accepted: Accepted | undefined) {
  expect(accepted?.kind).to.equal("replayed");
  return accepted?.kind === "replayed" ? accepted.request : undefined;
}

export function describeReplays(stage: StoreStage): void {
  describe("the same request_id again", () => {
    it("with the same body answers with the stored request", async () => {
      const request = await stage.storeOne(CREATE);
      const [again] = await stage.accept([CREATE]);
      expect(replayed(again)).to.deep.equal(request);
      expect(await stage.drain()).to.deep.equal([request.number]);
    });

    it("answers with the request as it stands by then", async () => {
      await stage.store(CREATE);
      const head = await stage.claimOne();
      expect(replayed((await stage.accept([CREATE]))[0])?.lifeCycleState).to.equal("PROCESSING");
      await stage.apply(completed(head));
      expect(replayed((await stage.accept([CREATE]))[0])).to.deep.include({
        number: head.number,
        lifeCycleState: "COMPLETED",
        referenceNumber: `R-${head.number}`,
      });
    });

    it("with another body is refused", async () => {
      await stage.store(CREATE);
      const [again] = await stage.accept([{ ...CREATE, bodyHash: "other" }]);
      expect(again).to.deep.equal({
        kind: "refused",
        faults: [
          {
            reason: "REQUEST_ID_REUSED",
            field: "request_id",
            description: "this request_id was used before with another body",
          },
        ],
      });
    });

    it("answers with the stored request wherever the card is by then", async () => {
      const request = await stage.storeOne(CREATE);
      await stage.execute("UPDATE installed_items SET subscription_id = 'sub-2', provider = NULL");
      expect(replayed((await stage.accept([CREATE]))[0])).to.deep.equal(request);
      await stage.execute("DELETE FROM installed_items");
      await stage.execute("UPDATE providers SET life_cycle_state = 'NOT_EFFECTIVE'");
      expect(replayed((await stage.accept([CREATE]))[0])?.number).to.equal(request.number);
    });

    it("is free for another principal", async () => {
      const mine = await stage.storeOne(CREATE);
      const theirs = await stage.storeOne({ ...CREATE, createdBy: "somebody else" });
      expect(theirs.number).to.be.greaterThan(mine.number);
    });

    it("is not remembered from a refused create", async () => {
      expect((await stage.accept([{ ...CREATE, card: "bare" }]))[0]?.kind).to.equal("refused");
      await stage.storeOne(CREATE);
    });

    it("takes no part in the batch: its neighbours are stored in order", async () => {
      const first = await stage.storeOne(CREATE);
      const [before, again, after] = await stage.accept([{}, CREATE, {}]);
      expect(replayed(again)?.number).to.equal(first.number);
      expect(await stage.drain()).to.deep.equal([
        first.number,
        stored(before).request.number,
        stored(after).request.number,
      ]);
    });

    it("does not claim a lane", async () => {
      const create: Create = { ...CREATE, processImmediately: true };
      const [first] = await stage.accept([create]);
      const [again] = await stage.accept([create], { places: { alpha: 1 } });
      expect(replayed(again)).to.deep.equal(present(stored(first)).request);
      expect((await stage.claimOne({ run: undefined })).number).to.equal(
        stored(first).request.number,
      );
    });

    it("stores one request when two batches bring it at once", async () => {
      const both = await Promise.allSettled([stage.accept([CREATE]), stage.accept([CREATE])]);
      const kinds = both.map((one) => (one.status === "fulfilled" ? one.value[0]?.kind : "failed"));
      // The batch that came second may see the first one's row, or fail on it and be brought again.
      expect(kinds).to.include("stored");
      expect(kinds.filter((kind) => kind === "stored")).to.have.lengthOf(1);
      expect((await stage.accept([CREATE]))[0]?.kind).to.equal("replayed");
      expect(await stage.drain()).to.have.lengthOf(1);
    });
  });
}
