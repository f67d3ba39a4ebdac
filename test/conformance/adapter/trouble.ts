import { expect } from "chai";
import type { AdapterSubject, PeerAnswer, PeerSession } from "../ca-peer.js";
import type { CurrentStage } from "./stage.js";

const ACCEPTED: PeerAnswer = { kind: "accepted", reference: "REF-7" };
const FLOOD = 20_000;

/** What a CA system may do to a command that leaves its outcome open, and ends the session. */
const BREAKS: readonly (readonly [title: string, act: (remote: PeerSession) => void])[] = [
  ["breaks off inside of an answer", (remote) => remote.answerInPart(7, ACCEPTED)],
  ["answers what is nothing of the protocol", (remote) => remote.garbage(7)],
  ["answers more than can be taken", (remote) => remote.overlong(7)],
];

/** Declares the tests of what a CA system, or the network, does wrong. */
export function describeAdapterTrouble(subject: AdapterSubject, stage: CurrentStage): void {
  const lacksReference = subject.lacks?.includes("reference") === true;
  const accepted = lacksReference ? { ...ACCEPTED, reference: "" } : ACCEPTED;

  describe("trouble", () => {
    for (const [title, act] of BREAKS) {
      it(`leaves the outcome unknown when the CA system ${title}, and ends the session`, async () => {
        const { session, remote } = await stage.open();
        const sending = session.send(stage.command(7));
        expect(await remote.command()).to.equal(7);
        act(remote);
        const { outcome, request, response } = await sending;
        expect(outcome.kind).to.equal("unknown");
        expect(request).to.be.a("string");
        expect(response).to.equal(undefined);
        expect(await session.closed).not.to.equal("");
        expect((await session.send(stage.command(8))).outcome.kind).to.equal("unavailable");
        expect(stage.late).to.deep.equal([]);
        expect(stage.clock.pending).to.equal(0);
      });

      it(`opens another session after the CA system ${title}`, async () => {
        const first = await stage.open();
        const sending = first.session.send(stage.command(7));
        await first.remote.command();
        act(first.remote);
        await Promise.all([sending, first.session.closed]);
        const { session, remote } = await stage.open();
        const again = session.send(stage.command(7));
        remote.answer(await remote.command(), ACCEPTED);
        expect((await again).outcome).to.deep.include(accepted);
        await session.close(AbortSignal.abort());
      });
    }

    it("reads an answer that comes byte by byte", async () => {
      const { session, remote } = await stage.open();
      const sending = session.send(stage.command(7));
      await remote.command();
      await remote.answerSlowly(7, ACCEPTED);
      expect((await sending).outcome).to.deep.include(accepted);
      await session.close(AbortSignal.abort());
      expect(stage.clock.pending).to.equal(0);
    });

    it("ends every command under way when the connection is lost, each once", async () => {
      const { session, remote } = await stage.open();
      const sendings = [1, 2, 3, 4].map((number) => session.send(stage.command(number)));
      for (const _ of sendings) await remote.command();
      remote.answer(2, ACCEPTED);
      await sendings[1];
      remote.cut();
      const outcomes = (await Promise.all(sendings)).map(({ outcome }) => outcome.kind);
      expect(outcomes).to.deep.equal(["unknown", "accepted", "unknown", "unknown"]);
      await session.closed;
      expect(stage.clock.pending).to.equal(0);
    });

    if (!subject.unsolicited) return;

    it("counts answers that nobody waits for, however many, and goes on", async () => {
      const { session, remote } = await stage.open();
      const sending = session.send(stage.command(7));
      await remote.command();
      for (let number = 0; number < FLOOD; number += 1) remote.answer(9, ACCEPTED);
      remote.answer(7, ACCEPTED);
      expect((await sending).outcome).to.deep.include(accepted);
      expect(stage.dropped).to.have.length(FLOOD).and.to.include("UNEXPECTED");
      expect(stage.late).to.deep.equal([]);
      await session.close(AbortSignal.abort());
    });
  });
}
