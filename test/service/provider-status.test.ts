import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { frame, tlv, transaction } from "../support/nds-bytes.js";
import { ScriptedPeer } from "../support/scripted-peer.js";
import { testFolder } from "../support/test-folder.js";
import { eventually } from "../support/world/eventually.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

/** A file with the reference profile, and a ticket that a login gives and its keep-alive says. */
function ticketProfile(): string {
  const profile = new URL("../../profiles/nds-reference.yaml", import.meta.url);
  const text = readFileSync(profile, "utf8")
    .replace(/^fields:$/m, "$&\n  ticket: { tag: 0x0050, form: text, encoding: ascii }")
    .replace("last_transaction: optional", "$&\n      ticket: optional")
    .replace(/SESSION_TEST:\n.*\n {4}send:/, '$&\n      ticket: "{session.ticket}"')
    .replace("last_transaction: last_transaction", "$&\n        remember: [ticket]");
  const file = join(testFolder("profile"), "ticket.yaml");
  writeFileSync(file, text);
  return file;
}

for (const database of ONE_OF_EACH) {
  describe(`how providers stand, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("tell how they stand: sessions, what is in hand, the rate, and why there is no session", async () => {
      const world = await worlds.start({
        providers: [
          {
            connection: { connections: 2, window: 4 },
            limits: { rate_per_second: 0.001, burst: 5 },
          },
        ],
        simulator: { behaviour: { latencyMs: 60_000 } },
      });
      const { operator, api, ca } = world;
      await api.createInOrder(0, 1, 2);
      await ca.reaches(3, "arrival");
      const status = await operator.status(PROVIDER);
      expect(status.sessionSlots).to.have.lengthOf(2);
      for (const [i, slot] of status.sessionSlots.entries()) {
        expect(slot).to.deep.include({
          slot: i,
          state: "STATE_CONNECTED",
          holderDescription: `process ${process.pid}`,
          epoch: 1n,
          lastError: "",
        });
        expect(slot.holder).to.match(/^[0-9a-f-]{36}$/);
        expect(Number(slot.sinceDate?.seconds) * 1000).to.be.closeTo(Date.now(), 60_000);
      }
      expect(status).to.deep.include({ inFlight: 3n, pausedUntilDate: undefined, fault: "" });
      expect(status.tokens).to.be.within(2, 2.5);
      await world.caDown();
      const down = await eventually(
        "the reason why there is no session",
        () => operator.status(PROVIDER),
        ({ sessionSlots }) =>
          sessionSlots.every(
            ({ state, lastError }) => state !== "STATE_CONNECTED" && lastError !== "",
          ),
      );
      expect(down.sessionSlots[0]?.state).to.equal("STATE_DISCONNECTED");
      await operator.setProvider(PROVIDER, "NOT_EFFECTIVE");
      const left = await eventually(
        "slots that nobody holds",
        () => operator.status(PROVIDER),
        ({ sessionSlots }) => sessionSlots.every(({ state }) => state === "STATE_FREE"),
      );
      expect(left).to.include({ inFlight: 0n });
      expect(left.sessionSlots[0]).to.include({ holder: "", lastError: "" });
    });

    it("tell what a login gave that cannot be said again, and leave the others alone", async () => {
      const peer = await ScriptedPeer.listen();
      try {
        const { port } = peer;
        const world = await worlds.create({
          providers: [
            { name: PROVIDER },
            {
              name: "ticketed",
              protocol: ticketProfile(),
              connection: { host: "127.0.0.1", port, keep_alive_ms: 100 },
            },
          ],
        });
        await world.start();
        const remote = await peer.connection();
        await remote.frame();
        remote.send(frame("0002", transaction(1), tlv("0034", "00000000"), tlv("0050", "41ff")));
        await remote.closed;
        await eventually(
          "the field in last_error",
          () => world.operator.status("ticketed"),
          ({ sessionSlots }) => /SESSION_TEST.*ticket/.test(sessionSlots[0]?.lastError ?? ""),
        );
        expect((await world.api.ended(await world.api.create(0))).errorCode).to.equal("");
      } finally {
        await peer.stop();
      }
    });

    it("tell how fast they are answered, and until when they pause", async () => {
      const world = await worlds.start({
        simulator: { behaviour: { busyRate: 1, busyRetryAfterMs: 10_000 } },
      });
      await world.api.createInOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
      const status = await eventually(
        "a measured rate, and a pause",
        () => world.operator.status(PROVIDER),
        (now) => (now.answersPerSecond ?? 0) > 0 && now.pausedUntilDate !== undefined,
      );
      expect(status.sessionSlots[0]?.answersPerSecond).to.equal(status.answersPerSecond);
      expect(Number(status.pausedUntilDate?.seconds) * 1000).to.be.greaterThan(Date.now());
    });
  });
}
