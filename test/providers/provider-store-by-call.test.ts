import { expect } from "chai";
import type { StateChange } from "../../src/providers/configured-change.js";
import { Cipher } from "../../src/secrets/cipher.js";
import { loadOrCreateSecret } from "../../src/secrets/stored-secret.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { KEY_WITNESS } from "../../src/store/knex/secret-key.js";
import { createProviderStore, type ProviderStore } from "../../src/store/provider-store.js";
import { rejection } from "../secrets/rejection.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";
import { accepted } from "./accepted-definition.js";

const STOP: StateChange = {
  state: "NOT_EFFECTIVE",
  reason: "the CA system is moved",
  by: "desk",
  version: undefined,
};

for (const target of DATABASES) {
  describe(`the provider store, by call, on ${target.title}`, () => {
    const cipher = new Cipher(Buffer.alloc(32, 1));
    let database: Database;
    let store: ProviderStore;

    beforeEach(async () => {
      database = await openTestDatabase(await target.create());
      store = createProviderStore(database, cipher);
    });

    afterEach(() => database.close());

    it("creates by call, once for a name, with all that the dispatcher needs", async () => {
      const created = await store.create(accepted({ services: { SPORT: "12" } }), "desk");
      expect(created).to.deep.include({
        ...accepted({ services: { SPORT: "12" } }).definition,
        definedInFile: false,
        version: 1,
        createdBy: "desk",
        updatedBy: "desk",
        lifeCycleReason: undefined,
      });
      expect(await store.get("main")).to.deep.equal(created);
      expect(await store.create(accepted(), "another")).to.equal(undefined);
      const rows = await database.reader.all(
        `SELECT (SELECT count(*) FROM session_slots WHERE provider = 'main') AS slots,
           (SELECT tokens FROM dispatch WHERE provider = 'main') AS tokens`,
      );
      expect(rows).to.deep.equal([{ slots: 2, tokens: 50 }]);
    });

    it("changes by call what was created by call, in the version that its caller has seen", async () => {
      await store.create(accepted(), "desk");
      const moved = accepted(
        { connection: { host: "i", port: 2 }, lifeCycleState: "NOT_EFFECTIVE" },
        3,
      );
      const changed = await store.change(moved, 1, "night shift");
      expect(changed.kind).to.equal("stored");
      expect(await store.get("main")).to.deep.include({
        connection: { host: "i", port: 2 },
        // A life cycle state is set by a call of its own.
        lifeCycleState: "EFFECTIVE",
        version: 2,
        createdBy: "desk",
        updatedBy: "night shift",
      });
      expect(await store.change(moved, 1, "desk")).to.deep.equal({
        kind: "other_version",
        version: 2,
      });
      expect(await store.change(moved, 2, "desk")).to.deep.include({ kind: "stored" });
      expect(await store.get("main")).to.include({ version: 2, updatedBy: "night shift" });
      expect(await store.change(accepted({ name: "none" }), 1, "desk")).to.deep.equal({
        kind: "missing",
      });
      const slots = await database.reader.all("SELECT slot FROM session_slots ORDER BY slot");
      expect(slots).to.deep.equal([{ slot: 0 }, { slot: 1 }, { slot: 2 }]);
    });

    it("lets one of several changes of a version through", async () => {
      await store.create(accepted(), "desk");
      const changes = await Promise.all(
        [2, 3, 4, 5].map((port) =>
          store.change(accepted({ connection: { host: "h", port } }), 1, "desk"),
        ),
      );
      expect(changes.filter(({ kind }) => kind === "stored")).to.have.lengthOf(1);
      expect((await store.versions()).get("main")).to.equal(2);
    });

    it("changes nothing of what the file defines, but its life cycle state", async () => {
      await store.applyFile([accepted()]);
      expect(await store.change(accepted({ limits: {} }), 1, "desk")).to.deep.equal({
        kind: "in_file",
      });
      expect(await store.setLifeCycleState("main", { ...STOP, version: 2 })).to.deep.equal({
        kind: "other_version",
        version: 1,
      });
      expect((await store.setLifeCycleState("main", { ...STOP, version: 1 })).kind).to.equal(
        "stored",
      );
    });

    it("takes over from a call what the file comes to define", async () => {
      await store.create(accepted(), "desk");
      await store.applyFile([accepted()]);
      expect(await store.get("main")).to.include({
        definedInFile: true,
        version: 2,
        createdBy: "desk",
        updatedBy: undefined,
      });
    });

    it("gives pages by name, of one state or of all", async () => {
      for (const name of ["c", "a", "b"]) await store.create(accepted({ name }), "desk");
      await store.setLifeCycleState("b", STOP);
      const names = async (...page: Parameters<ProviderStore["page"]>) =>
        (await store.page(...page)).map(({ name }) => name);
      expect(await names({ state: undefined, limit: 2, after: undefined })).to.deep.equal([
        "a",
        "b",
      ]);
      expect(await names({ state: undefined, limit: 2, after: "b" })).to.deep.equal(["c"]);
      expect(await names({ state: "EFFECTIVE", limit: 9, after: undefined })).to.deep.equal([
        "a",
        "c",
      ]);
      expect([...(await store.versions())].sort()).to.deep.equal([
        ["a", 1],
        ["b", 2],
        ["c", 1],
      ]);
    });

    it("tells how a provider stands, from what its instances have written", async () => {
      await store.create(accepted(), "desk");
      const dispatch = knexDispatchStore(database);
      await dispatch.register("instance-1", "the test", 30_000);
      const [slot] = await dispatch.acquireSlots("instance-1", "main", 1, 2, 1);
      if (slot === undefined) throw new Error("no slot");
      await dispatch.reportSlot("instance-1", slot, "OPEN", undefined);
      await dispatch.reportRates("instance-1", [{ slot, answersPerSecond: 7.5 }]);
      await dispatch.pause("main", 60_000);
      const live = await store.liveState("main", 2, { ratePerSecond: 1, burst: 50 });
      expect(live.slots.map(({ sinceDate: _, ...rest }) => rest)).to.deep.equal([
        {
          slot: 0,
          state: "CONNECTED",
          holder: "instance-1",
          holderDescription: "the test",
          epoch: 1,
          lastError: undefined,
          answersPerSecond: 7.5,
        },
        {
          slot: 1,
          state: "FREE",
          holder: undefined,
          holderDescription: undefined,
          epoch: 0,
          lastError: undefined,
          answersPerSecond: undefined,
        },
      ]);
      expect(live).to.include({ inFlight: 0, tokens: 50 });
      expect((live.pausedUntil ?? 0) - Date.now()).to.be.within(1, 61_000);
      // A slot beyond those that it has now is told as long as somebody holds it.
      expect((await store.liveState("main", 0, undefined)).slots).to.have.lengthOf(1);
      expect((await store.liveState("main", 0, undefined)).tokens).to.equal(undefined);
    });

    it("writes nothing under a key that is no longer the database's", async () => {
      await loadOrCreateSecret(database, cipher, KEY_WITNESS);
      await store.create(accepted(), "desk");
      const stranger = createProviderStore(database, new Cipher(Buffer.alloc(32, 2)));
      for (const write of [
        () => stranger.create(accepted({ name: "b" }), "desk"),
        () => stranger.change(accepted(), 1, "desk"),
        () => stranger.applyFile([accepted()]),
      ]) {
        expect((await rejection(write())).message).to.contain("under another secret key");
      }
      expect(await store.list()).to.have.lengthOf(1);
    });
  });
}
