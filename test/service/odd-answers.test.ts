import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { frame, setupStatus, tlv, transaction, transactionOf } from "../support/nds-bytes.js";
import { ScriptedPeer } from "../support/scripted-peer.js";
import { DATABASES } from "../support/stores.js";
import { testFolder } from "../support/test-folder.js";
import { eventually } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import { useWorlds } from "../support/world/worlds.js";

const SHIPPED = new URL("../../profiles/nds-reference.yaml", import.meta.url);
const TALKATIVE = "nds-other";

/** NDS with longer references, and a wait told in seconds. */
const PROFILE = readFileSync(SHIPPED, "utf8")
  .replace("name: nds-reference", "name: talkative")
  .replace("reference_number: { tag: 0x0030, form: text, min: 1, max: 64 }", (field) =>
    field.replace("64", "8000"),
  )
  .replace("retry_after_ms: { tag: 0x0033, form: u32 }", (field) =>
    field.replace("u32", "text, max: 32"),
  )
  .replace('retry_after: "{retry_after_ms}"', (rule) => `${rule}\n    unit: s`);

const hexOf = (text: string) => Buffer.from(text).toString("hex");
const accepted = (number: number, reference: string) =>
  frame("8001", transaction(number), tlv("0030", hexOf(reference)));
const busy = (number: number, seconds: string) =>
  frame("8003", transaction(number), tlv("0033", hexOf(seconds)));

for (const database of DATABASES) {
  describe(`odd answers of one CA system, on ${database.title}`, () => {
    const worlds = useWorlds(database);
    let peer: ScriptedPeer;
    let folder: string;

    beforeEach(async () => {
      peer = await ScriptedPeer.listen();
      folder = testFolder("odd-answers");
    });

    afterEach(async () => {
      await peer.stop();
      rmSync(folder, { recursive: true });
    });

    /** A service with NDS and the talkative one, which has been given the command of a create. */
    async function asked() {
      const protocol = join(folder, "talkative.yaml");
      writeFileSync(protocol, PROFILE);
      const connection = { host: "127.0.0.1", port: peer.port };
      const world = await worlds.create({
        providers: [{ name: "nds-main" }, { name: TALKATIVE, protocol, connection }],
      });
      await world.start();
      const line = await peer.connection();
      await line.frame();
      line.send(setupStatus(0));
      await world.connected();
      const request = await world.api.create("other-0");
      return { world, line, request, number: transactionOf(await line.frame()) };
    }

    it("keep as much of a reference as can be asked for", async () => {
      const { world, line, request, number } = await asked();
      const reference = Buffer.alloc(3000, "0123456789").toString();
      line.send(accepted(number, reference));
      const ended = await world.api.ended(request);
      expect(ended.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect(ended.referenceNumber).to.equal(reference.slice(0, 128));
      expect(ended.response).to.contain(reference);
    });

    it("wait for at least as long as a part of a millisecond says", async () => {
      const { world, line, request, number } = await asked();
      line.send(busy(number, "2.01"));
      const waiting = await eventually(
        "what the CA system answered",
        () => world.api.get(request.number),
        ({ lastError }) => lastError !== "",
      );
      expect(waiting.lastError).to.contain("asked to wait 2010 ms");
      line.send(accepted(transactionOf(await line.frame()), "R-1"));
      expect((await world.api.ended(request)).referenceNumber).to.equal("R-1");
    });

    it("end without their texts when the database refuses those, and hold up no other", async () => {
      const { world, line, request, number } = await asked();
      await refuseWrites(await world.database(), {
        event: "INSERT",
        table: "outcomes",
        when: "NEW.reference_number = 'refused'",
        text: "out of range",
        code: "22003",
      });
      line.send(accepted(number, "refused"));
      const other = await world.api.ended(await world.api.create(1));
      expect(other.referenceNumber).to.not.equal("");
      const { lifeCycleState, referenceNumber, response } = await world.api.ended(request);
      expect({ lifeCycleState, referenceNumber, response }).to.deep.equal({
        lifeCycleState: "LIFE_CYCLE_STATE_COMPLETED",
        referenceNumber: "",
        response: "",
      });
    });
  });
}
