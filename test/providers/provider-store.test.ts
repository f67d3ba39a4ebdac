import { expect } from "chai";
import type { StateChange } from "../../src/providers/configured-change.js";
import type { ProviderDefinition } from "../../src/providers/provider.js";
import { Cipher } from "../../src/secrets/cipher.js";
import type { Database } from "../../src/store/knex/database.js";
import { createProviderStore, type ProviderStore } from "../../src/store/provider-store.js";
import { DATABASES, openTestDatabase } from "../support/stores.js";
import { accepted } from "./accepted-definition.js";

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
