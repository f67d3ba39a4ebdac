import { expect } from "chai";
import { describeAdapterTest } from "./adapter/connection-test.js";
import { LIMITS, RESPONSE_TIMEOUT_MS, setAdapterStage, WINDOW } from "./adapter/stage.js";
import { describeAdapterTrouble } from "./adapter/trouble.js";
import type { AdapterSubject, PeerAnswer, Trait } from "./ca-peer.js";

const PIN = "7351";
const TRANSACTION_USED: PeerAnswer = { kind: "transaction_used", text: "another body" };

/** Declares the tests that every adapter must pass. */
export function describeCaAdapter(subject: AdapterSubject): void {
  describe(`CaAdapter conformance: ${subject.protocol.name}`, () => {
    const stage = setAdapterStage(subject);
    const has = (trait: Trait) => subject.lacks?.includes(trait) !== true;
    const referenceOf = (text: string) => (has("reference") ? text : "");
    const command = (transaction: number) => stage.command(transaction);

    describe("configuration", () => {
      it("names every fault", () => {
        for (const nothing of [undefined, null, 7, "x", {}]) {
          const configured = subject.protocol.configure(nothing);
          if (!("faults" in configured)) throw new Error("settings out of nothing");
          expect(configured.faults).not.to.deep.equal([]);
          for (const fault of configured.faults) expect(fault.description).not.to.equal("");
        }
      });

      it("refuses an unknown setting by name", () => {
        const connection = { ...subject.connection(stage.peer, LIMITS), no_such_setting: 1 };
        const configured = subject.protocol.configure(connection);
        if (!("faults" in configured)) throw new Error("an unknown setting was taken");
        expect(configured.faults.map((fault) => fault.field)).to.deep.equal(["no_such_setting"]);
      });

      it("knows its CA ids and commands", () => {
        expect(stage.adapter.checkName("SMARTCARD", subject.goodCaId)).to.equal(undefined);
        expect(stage.adapter.checkName("SMARTCARD", subject.badCaId)).to.be.a("string");
        const types = subject.commands.map((each) => each.command.type);
        expect([...stage.adapter.commands]).to.have.members([...new Set(types)]);
        expect(stage.adapter.window).to.equal(WINDOW);
        for (const { pin, ...draft } of subject.commands) {
          const faults = stage.adapter.checkCommand({ ...draft, pinDigits: pin?.length });
          expect(faults, draft.command.type).to.deep.equal([]);
        }
      });
    });

    describe("connecting", () => {
      it("reports the window and what the CA system remembers", async () => {
        const { session } = await stage.open(4_294_967_295);
        expect(session.window).to.equal(WINDOW);
        expect(session.lastTransaction).to.equal(has("login") ? 4_294_967_295 : 0);
        await session.close(AbortSignal.abort());
        expect(stage.clock.pending).to.equal(0);
      });

      it("is unavailable when nobody listens", async () => {
        await stage.peer.stop();
        expect((await stage.connect()).kind).to.equal("unavailable");
        expect(stage.clock.pending).to.equal(0);
        await stage.restart();
      });

      it("gives up when told before the attempt", async () => {
        expect((await stage.connect(AbortSignal.abort())).kind).to.equal("unavailable");
        expect(stage.clock.pending).to.equal(0);
      });

      if (!has("login")) return;

      it("is unavailable when the session is refused", async () => {
        const [result] = await Promise.all([stage.connect(), stage.peer.refuse()]);
        expect(result.kind).to.equal("unavailable");
        expect(stage.clock.pending).to.equal(0);
      });

      it("is unavailable when the CA system is silent", async () => {
        const attempt = stage.connect();
        await stage.peer.ignore();
        stage.clock.advance(RESPONSE_TIMEOUT_MS);
        expect((await attempt).kind).to.equal("unavailable");
        expect(stage.clock.pending).to.equal(0);
      });

      it("gives up when told during the attempt", async () => {
        const giveUp = new AbortController();
        const attempt = stage.connect(giveUp.signal);
        await stage.peer.ignore();
        giveUp.abort();
        expect((await attempt).kind).to.equal("unavailable");
        expect(stage.clock.pending).to.equal(0);
      });
    });

    it("keeps the session when the attempt's signal aborts later", async () => {
      const attempt = new AbortController();
      const [result, remote] = await Promise.all([
        stage.connect(attempt.signal),
        stage.peer.letIn(0),
      ]);
      if (result.kind !== "connected") throw new Error(result.text);
      attempt.abort();
      const sending = result.session.send(command(1));
      remote.answer(await remote.command(), { kind: "accepted", reference: "REF" });
      expect((await sending).outcome.kind).to.equal("accepted");
      await result.session.close(AbortSignal.abort());
    });

    describe("answers", () => {
      for (const [index, each] of subject.commands.entries()) {
        it(`delivers command ${index + 1}, ${each.command.type}, and shows no PIN`, async () => {
          const { session, remote } = await stage.open();
          const sending = session.send({
            ...each,
            transaction: 42,
            ...(each.pin === undefined ? {} : { pin: PIN }),
          });
          expect(await remote.command()).to.equal(42);
          remote.answer(42, { kind: "accepted", reference: "REF-42" });
          const delivery = await sending;
          const reference = referenceOf("REF-42");
          expect(delivery.outcome).to.deep.include({ kind: "accepted", reference });
          expect(delivery.request).to.contain(each.caId);
          expect(delivery.response).to.contain(reference);
          expect(JSON.stringify(delivery)).not.to.contain(PIN);
          await session.close(AbortSignal.abort());
        });
      }

      const others: readonly PeerAnswer[] = [
        { kind: "rejected", text: "unknown card" },
        { kind: "failed", text: "disk trouble" },
        // Whole seconds: some protocols count no finer.
        { kind: "busy", retryAfterMs: 2_000 },
        ...(has("transactions") ? [TRANSACTION_USED] : []),
      ];
      for (const answer of others) {
        it(`passes ${answer.kind} on`, async () => {
          const { session, remote } = await stage.open();
          const sending = session.send(command(7));
          remote.answer(await remote.command(), answer);
          const { outcome, request, response } = await sending;
          if ("text" in answer && !has("text")) expect(outcome.kind).to.equal(answer.kind);
          else expect(outcome).to.include(answer);
          expect(request).to.be.a("string");
          expect(response).to.be.a("string");
          await session.close(AbortSignal.abort());
        });
      }

      it("matches answers by transaction, in any order, each once", async () => {
        const { session, remote } = await stage.open();
        const sendings = [11, 12, 13].map((number) => session.send(command(number)));
        for (const _ of sendings) await remote.command();
        for (const number of [13, 11, 13, 99, 12]) {
          remote.answer(number, { kind: "accepted", reference: `REF-${number}` });
        }
        const deliveries = await Promise.all(sendings);
        expect(deliveries.map(({ outcome }) => outcome)).to.deep.equal(
          [11, 12, 13].map((number) => ({
            kind: "accepted",
            reference: referenceOf(`REF-${number}`),
          })),
        );
        expect(stage.late).to.deep.equal([]);
        await session.close(AbortSignal.abort());
      });

      it("sends nothing over the window", async () => {
        const { session, remote } = await stage.open();
        const inside = [1, 2, 3, 4].map((number) => session.send(command(number)));
        const over = await session.send(command(5));
        expect(over.outcome.kind).to.equal("unavailable");
        expect(over).not.to.have.property("request");
        for (const _ of inside) {
          remote.answer(await remote.command(), { kind: "accepted", reference: "REF" });
        }
        await Promise.all(inside);
        const next = session.send(command(6));
        expect(await remote.command()).to.equal(6);
        remote.answer(6, { kind: "accepted", reference: "REF" });
        expect((await next).outcome.kind).to.equal("accepted");
        expect(remote.arrived).to.equal(5);
        await session.close(AbortSignal.abort());
      });

      it("sends nothing once another process may have taken over", async () => {
        const { session, remote } = await stage.open();
        const takeBack = stage.takenOver();
        expect((await session.send(command(7))).outcome.kind).to.equal("unavailable");
        takeBack();
        const sending = session.send(command(8));
        expect(await remote.command()).to.equal(8);
        remote.answer(8, { kind: "accepted", reference: "REF" });
        expect((await sending).outcome.kind).to.equal("accepted");
        expect(remote.arrived).to.equal(1);
        await session.close(AbortSignal.abort());
      });
    });

    describe("silence", () => {
      it("gives a command up as unknown, frees its place and reports the late answer once", async () => {
        const { session, remote } = await stage.open();
        const silent = [1, 2, 3, 4].map((number) => session.send(command(number)));
        for (const _ of silent) await remote.command();
        stage.clock.advance(RESPONSE_TIMEOUT_MS - 1);
        expect((await session.send(command(5))).outcome.kind).to.equal("unavailable");
        stage.clock.advance(1);
        for (const { outcome, request } of await Promise.all(silent)) {
          expect(outcome.kind).to.equal("unknown");
          expect(request).to.be.a("string");
        }
        const next = session.send(command(5));
        await remote.command();
        for (const number of [2, 2, 5]) {
          remote.answer(number, { kind: "accepted", reference: `REF-${number}` });
        }
        expect((await next).outcome.kind).to.equal("accepted");
        expect(stage.late.map(({ transaction }) => transaction)).to.deep.equal([2]);
        expect(stage.late[0]?.delivery.outcome).to.deep.equal({
          kind: "accepted",
          reference: referenceOf("REF-2"),
        });
        await session.close(AbortSignal.abort());
      });

      it("gives an answer to the latest sending of its transaction", async () => {
        const { session, remote } = await stage.open();
        const first = session.send(command(8));
        await remote.command();
        stage.clock.advance(RESPONSE_TIMEOUT_MS);
        expect((await first).outcome.kind).to.equal("unknown");
        const second = session.send(command(8));
        await remote.command();
        remote.answer(8, { kind: "accepted", reference: "REF-8" });
        expect((await second).outcome.kind).to.equal("accepted");
        expect(stage.late).to.deep.equal([]);
        await session.close(AbortSignal.abort());
      });
    });

    describe("ending", () => {
      it("ends with what was given as unknown when the connection is lost", async () => {
        const { session, remote } = await stage.open();
        const sending = session.send(command(1));
        await remote.command();
        remote.cut();
        const { outcome, request, response } = await sending;
        expect(outcome.kind).to.equal("unknown");
        expect(request).to.be.a("string");
        expect(response).to.equal(undefined);
        await session.retired;
        expect(await session.closed).not.to.equal("");
        expect((await session.send(command(2))).outcome.kind).to.equal("unavailable");
        await session.close(new AbortController().signal);
        expect(stage.clock.pending).to.equal(0);
      });

      it("waits for answers when closed, and takes no more commands", async () => {
        const { session, remote } = await stage.open();
        const sending = session.send(command(1));
        await remote.command();
        const closing = session.close(new AbortController().signal);
        await session.retired;
        expect((await session.send(command(2))).outcome.kind).to.equal("unavailable");
        remote.answer(1, { kind: "accepted", reference: "REF-1" });
        expect((await sending).outcome.kind).to.equal("accepted");
        await Promise.all([closing, session.closed, remote.closed]);
        expect(remote.arrived).to.equal(1);
        expect(stage.clock.pending).to.equal(0);
      });

      it("stops waiting when told", async () => {
        const { session, remote } = await stage.open();
        const sending = session.send(command(1));
        await remote.command();
        const enough = new AbortController();
        const closing = session.close(enough.signal);
        enough.abort();
        expect((await sending).outcome.kind).to.equal("unknown");
        await Promise.all([closing, remote.closed]);
        expect(stage.clock.pending).to.equal(0);
      });

      it("ends what was not given as unavailable, without a byte", async () => {
        const { session, remote } = await stage.open();
        const sending = session.send(command(1));
        await session.close(AbortSignal.abort());
        const delivery = await sending;
        expect(delivery.outcome.kind).to.equal("unavailable");
        expect(delivery).not.to.have.property("request");
        await remote.closed;
        expect(remote.arrived).to.equal(0);
      });
    });

    describeAdapterTrouble(subject, stage);
    describeAdapterTest(subject, stage);
  });
}
