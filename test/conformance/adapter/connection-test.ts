import { expect } from "chai";
import type { AdapterSubject } from "../ca-peer.js";
import { type CurrentStage, RESPONSE_TIMEOUT_MS } from "./stage.js";

/** Declares the tests of an adapter's own test of its connection. */
export function describeAdapterTest(subject: AdapterSubject, stage: CurrentStage): void {
  describe("a test of the connection", () => {
    const test = (signal = new AbortController().signal) =>
      stage.adapter.test({ slot: 0, epoch: 1, clock: stage.clock, signal });

    afterEach(() => expect(stage.clock.pending).to.equal(0));

    it("passes when the CA system opens a session and gives a sign of life", async () => {
      const testing = test();
      const remote = await stage.peer.letIn(0);
      remote.answerSignsOfLife();
      const { kind, text } = await testing;
      expect(kind, text).to.equal("passed");
      expect(text).not.to.equal("");
      await remote.closed;
      expect(remote.arrived).to.equal(0);
    });

    it("fails when nobody listens", async () => {
      await stage.peer.stop();
      const { kind, text } = await test();
      expect(kind).to.equal("failed");
      expect(text).not.to.equal("");
      await stage.restart();
    });

    it("fails when it is given up before", async () => {
      expect((await test(AbortSignal.abort())).kind).to.equal("failed");
    });

    if (subject.lacks?.includes("login") === true) return;

    it("fails when the session is refused", async () => {
      const [{ kind }] = await Promise.all([test(), stage.peer.refuse()]);
      expect(kind).to.equal("failed");
    });

    it("fails when the CA system is silent", async () => {
      const testing = test();
      await stage.peer.ignore();
      stage.clock.advance(RESPONSE_TIMEOUT_MS);
      expect((await testing).kind).to.equal("failed");
    });

    it("fails when it is given up meanwhile", async () => {
      const giveUp = new AbortController();
      const testing = test(giveUp.signal);
      await stage.peer.ignore();
      giveUp.abort();
      expect((await testing).kind).to.equal("failed");
    });
  });
}
