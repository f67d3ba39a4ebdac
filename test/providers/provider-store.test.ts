import { expect } from "chai";
import type { StateChange } from "../../src/providers/configured-change.js";
import type { AcceptedDefinition, ProviderDefinition } from "../../src/providers/provider.js";
import { Cipher } from "../../src/secrets/cipher.js";
import { loadOrCreateSecret } from "../../src/secrets/stored-secret.js";
import type { Database } from "../../src/store/knex/database.js";
import { knexDispatchStore } from "../../src/store/knex/knex-dispatch-store.js";
import { KEY_WITNESS } from "../../src/store/knex/secret-key.js";
import { createProviderStore, type ProviderStore } from "../../src/store/provider-store.js";
import { fakeAdapter } from "../config/fake-protocol.js";
import { rejection } from "../secrets/rejection.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";

function accepted(parts: Partial<ProviderDefinition> = {}, connections = 2): AcceptedDefinition {
  const definition: ProviderDefinition = {
    name: "main",
    protocol: "fake",
    lifeCycleState: "EFFECTIVE",
    commands: ["REAUTHORISE_ALL_SERVICES"],
    connection: { host: "h", port: 1, password: "s3cret" },
    services: { SPORT: "0012" },
    limits: { ratePerSecond: 100, burst: 50 },
    ...parts,
  };
  return { definition, adapter: fakeAdapter({ connections }) };
}

const STOP: StateChange = {
  state: "NOT_EFFECTIVE",
  reason: "the CA system is moved",
  by: "desk",
  version: undefined,
};

for (const target of DATABASES) {
  describe(`the provider store on ${target.title}`, () => {
    const cipher = new Cipher(Buffer.alloc(32, 1));
    let database: Database;
    let store: ProviderStore;

    beforeEach(async () => {
      database = await openTestDatabase(await target.create());
      store = createProviderStore(database, cipher);
    });

    afterEach(() => database.close());

    it("creates what the file defines", async () => {
      await store.applyFile([accepted({ name: "b", commands: undefined, limits: {} }), accepted()]);
      const [b, main, ...others] = await store.list();
      expect(others).to.deep.equal([]);
      expect(b).to.include({ name: "b", commands: undefined });
      expect(main).to.deep.include({
        ...accepted().definition,
        definedInFile: true,
        version: 1,
      });
      expect(main?.createdDate).to.be.closeTo(Date.now(), 10_000);
      expect(main?.updatedDate).to.equal(main?.createdDate);
      expect(await store.get("main")).to.deep.equal(main);
      expect(await store.get("none")).to.equal(undefined);
    });

    it("keeps the connection encrypted", async () => {
      await store.applyFile([accepted()]);
      const rows = await database.reader.all("SELECT * FROM providers");
      expect(JSON.stringify(rows)).not.to.contain("s3cret");
    });

    it("leaves a provider alone while the file says the same, in whatever order", async () => {
      await store.applyFile([accepted()]);
      const before = await store.list();
      await store.applyFile([
        accepted({
          connection: { password: "s3cret", port: 1, host: "h" },
          limits: { burst: 50, ratePerSecond: 100 },
        }),
      ]);
      expect(await store.list()).to.deep.equal(before);
    });

    const changes: Record<string, Partial<ProviderDefinition>> = {
      protocol: { protocol: "other" },
      "commands, narrowed to none": { commands: [] },
      "commands, no longer narrowed": { commands: undefined },
      connection: { connection: { host: "h", port: 2 } },
      limits: { limits: {} },
    };
    for (const [title, change] of Object.entries(changes)) {
      it(`takes a new version from the file: ${title}`, async () => {
        await store.applyFile([accepted()]);
        await store.applyFile([accepted(change)]);
        const main = await store.get("main");
        expect(main).to.deep.include({ ...accepted(change).definition, version: 2 });
        expect(main?.updatedDate).to.be.at.least(main?.createdDate ?? Number.NaN);
      });
    }

    it("lets the operator's life cycle state survive the file", async () => {
      await store.applyFile([accepted()]);
      const stopped = await store.setLifeCycleState("main", STOP);
      expect(stopped).to.deep.include({ kind: "stored" });
      expect(await store.get("main")).to.include({
        lifeCycleState: "NOT_EFFECTIVE",
        lifeCycleReason: "the CA system is moved",
        updatedBy: "desk",
        createdBy: undefined,
        version: 2,
      });
      await store.applyFile([accepted()]);
      expect(await store.get("main")).to.include({ lifeCycleState: "NOT_EFFECTIVE", version: 2 });
      await store.applyFile([accepted({ limits: {} })]);
      expect(await store.get("main")).to.include({ lifeCycleState: "NOT_EFFECTIVE", version: 3 });
    });

    it("sets a state that it has already without a new version", async () => {
      await store.applyFile([accepted()]);
      await store.setLifeCycleState("main", { ...STOP, state: "EFFECTIVE" });
      expect(await store.get("main")).to.include({ version: 1, lifeCycleReason: undefined });
      expect(await store.setLifeCycleState("none", STOP)).to.deep.equal({ kind: "missing" });
    });

    it("keeps what the file no longer has, as no longer the file's", async () => {
      await store.applyFile([accepted(), accepted({ name: "b" })]);
      await store.applyFile([accepted({ name: "b" })]);
      expect(await store.get("main")).to.include({ definedInFile: false, version: 2 });
      expect(await store.get("b")).to.include({ definedInFile: true, version: 1 });
      await store.applyFile([]);
      expect(await store.get("main")).to.include({ definedInFile: false, version: 2 });
      await store.applyFile([accepted()]);
      expect(await store.get("main")).to.include({ definedInFile: true, version: 3 });
    });

    it("makes the dispatcher's rows, and keeps the state of those that are there", async () => {
      await store.applyFile([accepted(), accepted({ name: "b", limits: { ratePerSecond: 0.5 } })]);
      await database.write("dispatch", async (tx) => {
        await tx.all(
          "UPDATE dispatch SET sequence_number = 7, tokens = 1.5 WHERE provider = 'main'",
        );
        await tx.all("UPDATE session_slots SET epoch = 3 WHERE provider = 'main' AND slot = 1");
      });
      await store.applyFile([accepted({}, 3), accepted({ name: "c", limits: {} }, 0)]);

      const dispatch = await database.reader.all(
        "SELECT provider, sequence_number, tokens, turn, paused_until FROM dispatch ORDER BY provider",
      );
      const rest = { turn: 0, paused_until: null };
      expect(dispatch).to.deep.equal([
        { provider: "b", sequence_number: 0, tokens: 1, ...rest },
        { provider: "c", sequence_number: 0, tokens: 0, ...rest },
        { provider: "main", sequence_number: 7, tokens: 1.5, ...rest },
      ]);
      const slots = await database.reader.all(
        "SELECT provider, slot, owner, epoch, state FROM session_slots ORDER BY provider, slot",
      );
      const closed = { owner: null, state: "CLOSED" };
      expect(slots).to.deep.equal([
        { provider: "b", slot: 0, epoch: 0, ...closed },
        { provider: "b", slot: 1, epoch: 0, ...closed },
        { provider: "main", slot: 0, epoch: 0, ...closed },
        { provider: "main", slot: 1, epoch: 3, ...closed },
        { provider: "main", slot: 2, epoch: 0, ...closed },
      ]);
    });

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

    it("takes the same file from several instances at once", async () => {
      const file = ["a", "b", "c"].map((name) => accepted({ name }));
      await Promise.all([1, 2, 3, 4].map(() => store.applyFile(file.toReversed())));
      expect((await store.list()).map(({ name, version }) => [name, version])).to.deep.equal([
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ]);
    });
  });
}
