import { expect } from "chai";
import { acceptedAnswer, reasonsOf, rejectedAnswer } from "../support/pull-calls.js";
import { PULLED, usePulledWorlds } from "../support/pulled-worlds.js";
import { failureOf } from "../support/rpc-client.js";
import { timestamp } from "../support/world/api.js";
import { eventually, present, show } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import { CARDS, caIdOf } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";

const HOUR_MS = 3_600_000;

for (const database of ONE_OF_EACH) {
  describe(`Pulled providers on ${database.title}`, () => {
    const { start, loopAt } = usePulledWorlds(database);

    it("have their requests fetched, with all that is needed, and their answers kept", async () => {
      const { world, api, loop } = await start();
      const expires = Date.now() + HOUR_MS;
      const [first, other, second] = [
        await api.create(3, { expires }),
        await api.create("foreign", {
          subscriptionIdentifier: { identifier: { $case: "id", value: "sub-2" } },
        }),
        await api.create(5, { scheduled: Date.now() - HOUR_MS }),
      ];
      await api.create(3);
      const { pendingRequests, leaseId, waitingFor } = await loop.claimPending();
      expect(waitingFor).to.equal("WAITING_FOR_UNSPECIFIED");
      expect(pendingRequests.map(({ number }) => number)).to.deep.equal(
        [first, second, other].map(({ number }) => number),
      );
      const [item] = pendingRequests;
      const leaseEnd = Number(item?.leaseExpireDate?.seconds) * 1000;
      expect(leaseEnd - Date.now()).to.be.within(30_000, 60_000);
      expect(item).to.deep.equal({
        number: first.number,
        id: first.id,
        transactionNumber: 1n,
        sequenceNumber: 1n,
        type: "COMMAND_TYPE_REAUTHORISE_ALL_SERVICES",
        parameters: { command: { $case: "reauthoriseAllServices", value: {} } },
        pin: "",
        smartcard: {
          id: "card-3",
          serialNumber: "serial-card-3",
          alternativeCode: "code-card-3",
          caId: caIdOf(3),
        },
        subscription: { id: "sub-1", number: "S-1" },
        scheduledDate: first.scheduledDate,
        createdDate: first.createdDate,
        expireDate: timestamp(expires),
        leaseExpireDate: item?.leaseExpireDate,
        priority: "PRIORITY_REGULAR",
        processImmediately: false,
        handedOutBefore: false,
      });
      expect(await api.get(first.number)).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_PROCESSING",
        processName: "PROCESS_BY_PULL",
      });
      expect(leaseId).to.match(/^pull\/local\/[0-9a-f-]{36}$/);

      expect(await loop.send(acceptedAnswer(first), rejectedAnswer(other))).to.deep.equal([]);
      const done = await api.get(first.number);
      expect(done).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        referenceNumber: `T-${first.number}`,
        attempts: 1,
        response: `ACCEPTED reference_number=T-${first.number}`,
        transactionNumber: 1n,
      });
      expect(done.request).to.contain(`smartcard_ca_id=${caIdOf(3)}`);
      expect(done.executedDate).not.to.equal(undefined);
      expect(await api.get(other.number)).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "17",
        errorDescription: "no such card",
        errorOrigin: "ERROR_ORIGIN_CA_SYSTEM",
      });
      // The next of the first card; the third of the batch is still the loop's.
      expect((await loop.claim()).map(({ number }) => number)).to.deep.equal([4n]);
      expect(await api.runs()).to.deep.equal([]);
      expect(world.ca.entries).to.deep.equal([]);
      expect(await api.health("provisioning.v1.PullService")).to.equal("SERVING");
    });

    it("have more fetched by several claims than one hands out", async () => {
      const codes = Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(64, "x"));
      const services = Object.fromEntries(codes.map((code) => [code, `ca-${code.slice(3)}`]));
      const { calls, loop } = await start({ providers: [{ ...PULLED, services }] });
      const wanted = { services: codes, startDate: undefined, endDate: undefined };
      const numbers: bigint[] = [];
      for (let card = 0; card < CARDS; card += 1) {
        numbers.push((await calls.create("authoriseServices", card, wanted)).number);
      }
      const first = await loop.claim();
      const second = await loop.claim();
      expect([...first, ...second].map(({ number }) => number)).to.deep.equal(numbers);
      expect(Math.min(first.length, second.length)).to.be.greaterThan(0);
      expect(
        await loop.send(...[...first, ...second].map((one) => acceptedAnswer(one))),
      ).to.deep.equal([]);
    });

    it("lose nothing when a loop crashes, comes back, repeats itself and answers late", async () => {
      const { api, loop } = await start();
      const [a, b] = await api.createInOrder(0, 1);
      const lost = await loop.claim({ leaseMs: 1000 });
      expect(lost).to.have.lengthOf(2);
      const again = await eventually(
        "requests to be handed out again",
        () => loop.claim({ limit: 1, leaseMs: 60_000 }),
        (items) => items.length > 0,
      );
      expect(again).to.deep.equal([
        { ...lost[0], handedOutBefore: true, leaseExpireDate: again[0]?.leaseExpireDate },
      ]);
      expect((await api.get(present(b).number)).lifeCycleState).to.equal(
        "LIFE_CYCLE_STATE_PENDING",
      );
      // The one that crashed had sent both to its CA system, and tells it now, in disorder.
      const late = [acceptedAnswer(present(b)), acceptedAnswer(present(a))];
      expect(await loop.send(...late)).to.deep.equal([]);
      expect(await loop.send(...late, ...late)).to.deep.equal([]);
      const other = rejectedAnswer(present(again[0]));
      expect(reasonsOf(await loop.send(other, ...late))).to.deep.equal([[0, "STATE_NOT_ALLOWED"]]);
      for (const one of await api.all()) {
        expect(one.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      }
      expect(await loop.claim()).to.deep.equal([]);
    });

    it("never get a command twice that must not be repeated", async () => {
      const { world, api, loop } = await start();
      const [mail, next] = await api.createInOrder(0, 0);
      const tables = await world.database();
      await tables.write("create", (tx) =>
        tx.all("UPDATE requests SET type = 'SEND_MAIL' WHERE number = 1"),
      );
      expect(await loop.claim({ leaseMs: 1000 })).to.have.lengthOf(1);
      const ended = await api.ended(present(mail));
      expect(ended).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_REJECTED",
        errorCode: "OUTCOME_UNKNOWN",
        errorOrigin: "ERROR_ORIGIN_SERVICE",
        attempts: 0,
        processName: "PROCESS_BY_PULL",
      });
      const failures = await loop.send(acceptedAnswer(present(mail)));
      expect(reasonsOf(failures)).to.deep.equal([[0, "STATE_NOT_ALLOWED"]]);
      expect((await loop.claim()).map(({ number }) => number)).to.deep.equal([next?.number]);
    });

    it("keep their leases when the service stops and starts again", async () => {
      const { world, api, loop } = await start();
      const [a] = await api.createInOrder(0, 1);
      const items = await loop.claim({ limit: 1 });
      await world.stop();
      await world.start();
      const after = loopAt(world.service.grpc);
      expect((await world.api.get(present(a).number)).lifeCycleState).to.equal(
        "LIFE_CYCLE_STATE_PROCESSING",
      );
      expect((await after.claim()).map(({ number }) => number)).to.deep.equal([2n]);
      expect(await after.send(acceptedAnswer(present(items[0])))).to.deep.equal([]);
      await world.api.ended(present(a));
    });

    it("let an immediate call wait for a loop that works, and no longer for one that does not", async () => {
      const { api, loop } = await start();
      const early = await api.create(0, { processImmediately: true });
      expect(early).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_PENDING",
        waitingFor: "WAITING_FOR_PROVIDER_UNAVAILABLE",
        lastError: "nobody has claimed its requests yet",
      });
      await loop.claim();
      const waiting = api.create(1, { processImmediately: true });
      const [item] = await eventually(
        "the request",
        () => loop.claim(),
        (items) => items.length > 0,
      );
      expect(item?.processImmediately).to.equal(true);
      await loop.send(acceptedAnswer(present(item)));
      expect(await waiting).to.deep.include({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        referenceNumber: `T-${item?.number}`,
        processName: "PROCESS_BY_PULL",
      });
    });

    it("show who holds what, which can be neither cancelled nor expired meanwhile", async () => {
      const { api, calls, loop } = await start();
      const held = await api.create(0, { expires: Date.now() + 1500 });
      const free = await api.create(1);
      const { leaseId } = await loop.claimPending({ numberOfResults: 1 });
      const { lanes } = await calls.lanes();
      expect(lanes.map(({ owner, reason }) => [owner, reason])).to.deep.equal([
        [leaseId, "WAITING_FOR_UNSPECIFIED"],
        ["", "WAITING_FOR_CLAIM"],
      ]);
      expect((await calls.lanes({ blockedOnly: true })).lanes).to.deep.equal([]);
      const failure = await failureOf(api.cancel(held.number));
      expect(failure.reason).to.equal("STATE_NOT_ALLOWED");
      const cancelled = await api.cancel(free.number);
      expect(cancelled.lifeCycleState).to.equal("LIFE_CYCLE_STATE_CANCELLED");
      const brief = await api.create(1, { expires: Date.now() + 1500 });
      expect((await api.ended(brief)).errorCode).to.equal("EXPIRED");
      expect(await loop.send(acceptedAnswer(held))).to.deep.equal([]);
    });

    it("are handed nothing while they are not effective, and no more than their limits", async () => {
      const { world, api, loop } = await start({
        providers: [{ ...PULLED, limits: { max_in_flight: 3 } }],
      });
      await api.createInOrder(0, 1, 2, 3);
      expect(await loop.claim({ limit: 2 })).to.have.lengthOf(2);
      const { pendingRequests, waitingFor } = await loop.claimPending();
      expect(pendingRequests).to.have.lengthOf(1);
      expect(waitingFor).to.equal("WAITING_FOR_CAPACITY");
      const tables = await world.database();
      await tables.write("create", (tx) =>
        tx.all("UPDATE providers SET life_cycle_state = 'NOT_EFFECTIVE'"),
      );
      expect(await loop.send(acceptedAnswer(present(pendingRequests[0])))).to.deep.equal([]);
      const { pendingRequests: none, waitingFor: why } = await loop.claimPending();
      expect(none).to.deep.equal([]);
      expect(why).to.equal("WAITING_FOR_PROVIDER_NOT_EFFECTIVE");
    });

    it("are told the PIN that is to be set, and nobody else is", async () => {
      const { world, api, calls, loop } = await start();
      const set = await calls.setPin(0, "7391");
      const reset = await calls.setPin(1, { $case: "resetPin", value: true });
      const items = await loop.claim();
      expect(items.map(({ pin }) => pin)).to.deep.equal(["7391", ""]);
      expect(await loop.send(acceptedAnswer(set), acceptedAnswer(reset))).to.deep.equal([]);
      const { request } = await api.get(set.number);
      expect(request).to.contain("pin_operation=SET pin=****");
      const lists = [await api.list({ view: "VIEW_FULL" as never }), await calls.lanes()];
      for (const text of [show(lists), world.log]) expect(text).not.to.contain("7391");
    });

    it("are for callers with a token only", async () => {
      const { loop } = await start({ settings: { AUTH: "token" } });
      for (const call of [loop.claimPending(), loop.send(acceptedAnswer({ number: 1n }))]) {
        expect((await failureOf(call)).reason).to.equal("TOKEN_MISSING");
      }
    });

    it("are handed no request whose PIN cannot be read, which is tried again later", async () => {
      const { world, api, calls, loop } = await start({
        providers: [{ ...PULLED, limits: { max_attempts: 2 } }],
      });
      const set = await calls.setPin(0, "7391");
      const tables = await world.database();
      await tables.write("create", (tx) => tx.all("UPDATE waiting SET pin = 'v1.x.y'"));
      await eventually(
        "both tries",
        async () => [await loop.claim(), await api.get(set.number)] as const,
        ([items, request]) => {
          expect(items).to.deep.equal([]);
          return request.lifeCycleState === "LIFE_CYCLE_STATE_REJECTED";
        },
      );
      const { errorCode, attempts } = await api.get(set.number);
      expect({ errorCode, attempts }).to.deep.equal({
        errorCode: "ATTEMPTS_EXHAUSTED",
        attempts: 2,
      });
    });

    it("are handed the other requests though that try cannot even be written", async () => {
      const { world, calls, loop } = await start();
      await calls.setPin(0, "7391");
      const other = await calls.setPin(1, "7391");
      const database = await world.database();
      await database.write("create", async (tx) =>
        tx.run("UPDATE waiting SET pin = 'v1.x.y' WHERE number < ?", [Number(other.number)]),
      );
      await refuseWrites(database, {
        event: "UPDATE OF wake_date",
        table: "lanes",
        text: "no room",
      });
      expect((await loop.claim()).map(({ number }) => number)).to.deep.equal([other.number]);
      expect(world.log).to.contain("no room");
    });
  });
}
