import { expect } from "chai";
import { accepted, acceptedWith, LEASE_MS, type PullStage, refused } from "./pull-stage.js";
import { present, START } from "./stage.js";

export function describeAnswering(pull: PullStage): void {
  const get = (number: number | undefined) => pull.stage.get(present(number));

  describe("answers", () => {
    it("end their requests, and the next of each card can be claimed", async () => {
      const [a, b, afterA, afterB] = await pull.create(0, 1, 0, 1);
      const [one = 0, other = 0] = await pull.numbers();
      await pull.stage.pass(10);
      expect(await pull.answered(refused(other), accepted(one))).to.deep.equal([
        "applied",
        "applied",
      ]);
      expect(await get(a?.number)).to.deep.include({
        lifeCycleState: "COMPLETED",
        referenceNumber: `R-${one}`,
        request:
          "REAUTHORISE_ALL_SERVICES transaction=1 smartcard_ca_id=ca-pulled-0 subscription_number=S-1",
        response: `ACCEPTED reference_number=R-${one}`,
        attempts: 1,
        executedDate: START,
        updatedDate: START + 10,
        processName: "PROCESS_BY_PULL",
        processId: undefined,
        sequenceNumber: 1,
        transactionNumber: 1,
      });
      expect(await get(b?.number)).to.deep.include({
        lifeCycleState: "REJECTED",
        errorCode: "2",
        errorDescription: "no such card",
        errorOrigin: "CA_SYSTEM",
        response: 'REJECTED error_code=2 error_description="no such card"',
        referenceNumber: undefined,
        attempts: 1,
      });
      const next = [afterA, afterB].map((request) => request?.number);
      expect(await pull.numbers()).to.have.members(next);
    });

    it("may be repeated when equal, in later calls and in the same one", async () => {
      await pull.create(0, 1);
      const [one = 0, other = 0] = await pull.numbers();
      expect(
        await pull.answered(accepted(one), accepted(one), refused(other), accepted(other)),
      ).to.deep.equal(["applied", "repeated", "applied", "STATE_NOT_ALLOWED"]);
      expect(
        await pull.answered(
          accepted(one),
          accepted(one, "another"),
          refused(one),
          refused(other),
          refused(other, "3"),
          refused(other, "2", "another"),
        ),
      ).to.deep.equal([
        "repeated",
        "STATE_NOT_ALLOWED",
        "STATE_NOT_ALLOWED",
        "repeated",
        "STATE_NOT_ALLOWED",
        "STATE_NOT_ALLOWED",
      ]);
      expect((await get(one)).referenceNumber).to.equal(`R-${one}`);
    });

    it("name requests by id as well, and what names none is refused by itself", async () => {
      const [first, behind] = await pull.create(0, 0);
      const [dialled] = await pull.stage.store({});
      await pull.stage.claimOne();
      const byId = (id: string | undefined) => ({
        ...accepted(0, "by-id"),
        identifier: { by: "id" as const, value: present(id) },
      });
      expect(await pull.answered(byId(first?.id))).to.deep.equal(["STATE_NOT_ALLOWED"]);
      await pull.numbers();
      const answered = await pull.answer(
        accepted(Number.MAX_SAFE_INTEGER),
        byId("nothing"),
        accepted(present(behind).number),
        accepted(present(dialled).number),
        byId(first?.id),
        accepted(present(first).number, "by-id"),
      );
      expect(answered.map((one) => (one.kind === "refused" ? one.fault : one.kind))).to.deep.equal([
        {
          reason: "PROVISIONING_REQUEST_NOT_FOUND",
          field: "number",
          description: "no provisioning request has this number",
          resource: { type: "provisioning_request", name: String(Number.MAX_SAFE_INTEGER) },
        },
        {
          reason: "PROVISIONING_REQUEST_NOT_FOUND",
          field: "id",
          description: "no provisioning request has this id",
          resource: { type: "provisioning_request", name: "nothing" },
        },
        {
          reason: "STATE_NOT_ALLOWED",
          field: "number",
          description: "the provisioning request was not handed out",
          resource: { type: "provisioning_request", name: String(behind?.number) },
        },
        {
          reason: "PROVIDER_NOT_PULLED",
          field: "number",
          description: "the service sends the requests of its provider itself",
          resource: { type: "provisioning_request", name: String(dialled?.number) },
        },
        "applied",
        "repeated",
      ]);
      expect((await get(dialled?.number)).lifeCycleState).to.equal("PROCESSING");
    });

    it("count after their lease has ended, whether that was noticed or not", async () => {
      await pull.create(0, 1);
      const [one = 0, other = 0] = await pull.numbers();
      await pull.stage.pass(LEASE_MS + 1);
      expect(await pull.answered(accepted(one))).to.deep.equal(["applied"]);
      await pull.store.endLeases();
      expect((await get(other)).lifeCycleState).to.equal("PENDING");
      expect(await pull.answered(accepted(other))).to.deep.equal(["applied"]);
      expect(await pull.numbers()).to.deep.equal([]);
      await pull.stage.expectNoWork();
    });

    it("count after the request was handed out again, the first to come", async () => {
      await pull.create(0);
      const [one = 0] = await pull.numbers();
      await pull.stage.pass(LEASE_MS);
      await pull.store.endLeases();
      expect(await pull.numbers()).to.deep.equal([one]);
      expect(await pull.answered(accepted(one, "late"))).to.deep.equal(["applied"]);
      expect(await pull.answered(accepted(one, "late"), accepted(one, "newer"))).to.deep.equal([
        "repeated",
        "STATE_NOT_ALLOWED",
      ]);
      expect((await get(one)).referenceNumber).to.equal("late");
      await pull.expectNoLeases();
    });

    it("come too late for what was cancelled in between", async () => {
      const [request] = await pull.create(0);
      await pull.numbers();
      const identifier = { by: "number", value: present(request).number } as const;
      const cancel = () => pull.stage.requests.cancel(identifier, "desk", undefined);
      expect(await cancel()).to.deep.equal({ kind: "not_allowed", state: "PROCESSING" });
      await pull.stage.pass(LEASE_MS);
      await pull.store.endLeases();
      expect(await cancel()).to.deep.equal({ kind: "ended" });
      expect(await pull.answered(accepted(identifier.value))).to.deep.equal(["STATE_NOT_ALLOWED"]);
    });

    it("count for what was handed out before the service began to send for the provider", async () => {
      const [one, behind] = await pull.create(0, 0, 1);
      await pull.numbers({ limit: 1 });
      await pull.stage.execute("UPDATE providers SET protocol = 'nds' WHERE name = 'pulled'");
      const answers = [one, behind].map((request) => accepted(present(request).number));
      const words = ["applied", "PROVIDER_NOT_PULLED"];
      expect(await pull.answered(...answers)).to.deep.equal(words);
      expect(await pull.answered(...answers)).to.deep.equal(["repeated", "PROVIDER_NOT_PULLED"]);
    });

    it("with lists are refused where nothing was asked", async () => {
      await pull.create(0);
      const [one = 0] = await pull.numbers();
      const [services, boxes] = await pull.answer(
        acceptedWith(one, { services: ["1"] }),
        acceptedWith(one, { setTopBoxes: ["1"] }),
      );
      expect(services).to.deep.equal({
        kind: "refused",
        fault: {
          reason: "INVALID_REQUEST",
          field: "services",
          description: "only answers a COMMAND_TYPE_GET_ACTIVE_SERVICES",
        },
      });
      expect(boxes?.kind).to.equal("refused");
      await pull.stage.execute("UPDATE requests SET type = 'GET_ACTIVE_SERVICES'");
      const answer = acceptedWith(one, { services: ["101", "7 b"] });
      expect(await pull.answered(answer)).to.deep.equal(["applied"]);
      expect((await get(one)).response).to.equal('ACCEPTED services=["101","7 b"]');
    });

    it("go through with a thousand in one call", async () => {
      await pull.create(...Array.from({ length: 40 }, (_, i) => i % 8));
      for (let left = 40; left > 0; left -= 8) {
        const numbers = await pull.numbers();
        expect(numbers).to.have.lengthOf(8);
        const answers = Array.from({ length: 1000 }, (_, i) => accepted(numbers[i % 8] ?? 0));
        const words = await pull.answered(...answers);
        expect(words.filter((word) => word === "applied")).to.have.lengthOf(8);
        expect(words.filter((word) => word === "repeated")).to.have.lengthOf(992);
      }
      await pull.stage.expectNoWork();
    });
  });
}
