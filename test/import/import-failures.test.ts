import { expect } from "chai";
import type { OpenedInventory } from "../../src/cli/import-subscriptions.js";
import type { UpsertDrafts } from "../../src/inventory/upsert-drafts.js";
import { ServiceError } from "../../src/requests/service-error.js";
import { DatabaseUnreachable } from "../../src/store/database-unreachable.js";
import { type InventoryService, startInventoryService } from "../inventory/inventory-service.js";
import { DATABASES } from "../support/stores.js";
import { type ImportFolder, importFolder } from "./import-command.js";

const HEADER =
  "subscription_id,subscription_number,item_id,item_type,serial_number,alternative_code,ca_id,provider";

describe("import-subscriptions, when it cannot", () => {
  let folder: ImportFolder;
  beforeEach(() => {
    folder = importFolder();
  });
  afterEach(() => folder.remove());

  const notAsked = () => Promise.reject(new Error("nothing was to be opened"));
  const over = (upsertDrafts: UpsertDrafts, close = async () => {}) => {
    return async (): Promise<OpenedInventory> => ({ kind: "open", upsertDrafts, close });
  };
  const sound = (count = 1) =>
    [HEADER, ...Array.from({ length: count }, (_, n) => `S-${n},N-${n},,,,,,`)].join("\n");

  it("ends with 2 for a file that is not there, has no name, or has a wrong header", async () => {
    const files = [
      "/does/not/exist.csv",
      folder.write("empty.csv", ""),
      folder.write("unknown.csv", `${HEADER},colour\n`),
      folder.write("missing.csv", HEADER.replace("provider", "")),
      "/",
    ];
    for (const file of files) {
      const run = await folder.run([file, "--json"], notAsked);
      expect(run, file).to.include({ exitCode: 2, stdout: "" });
    }
  });

  it("ends with 2 for settings that cannot be used", async () => {
    const run = await folder.run([folder.write("a.csv", sound())], async () => ({
      kind: "unusable_settings",
      text: "PROVISIONING_DATABASE_URL: must start with sqlite:",
    }));
    expect(run.exitCode).to.equal(2);
    expect(run.stderr).to.match(/PROVISIONING_DATABASE_URL/);
  });

  it("ends with 4 when the database does not answer, and with 1 when it fails", async () => {
    const file = folder.write("a.csv", sound());
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    const several = new AggregateError([refused, refused]);
    const unavailable = ServiceError.of("DATABASE_UNAVAILABLE");
    const notOpened = new DatabaseUnreachable("postgres://127.0.0.1:1/x: connection refused");
    for (const error of [refused, several, unavailable, notOpened]) {
      expect((await folder.run([file], () => Promise.reject(error))).exitCode).to.equal(4);
      expect(
        (
          await folder.run(
            [file],
            over(() => Promise.reject(error)),
          )
        ).exitCode,
      ).to.equal(4);
    }
    const full = over(() => Promise.reject(new Error("database or disk is full")));
    const run = await folder.run([file], full);
    expect(run).to.include({ exitCode: 1, stdout: "" });
    expect(run.stderr).to.match(/disk is full/);
  });

  it("says how far it came, and closes what it opened", async () => {
    let batches = 0;
    let closed = 0;
    const failing = over(
      async (drafts) => {
        batches += 1;
        if (batches === 3) throw new Error("broken");
        return drafts.map(() => ({ kind: "stored", change: "CREATED", itemChanges: [] }));
      },
      async () => {
        closed += 1;
      },
    );
    const run = await folder.run([folder.write("a.csv", sound(5000))], failing);
    expect(run.exitCode).to.equal(1);
    expect(run.stderr).to.match(/the first 2000 lines are done/);
    expect(closed).to.equal(1);
  });

  describe("through a service", () => {
    let service: InventoryService;
    before(async () => {
      const [target] = DATABASES;
      if (target === undefined) throw new Error("no database to test with");
      service = await startInventoryService(target);
    });
    after(() => service.stop());

    it("ends with 1 when the service refuses the token", async () => {
      const args = [folder.write("a.csv", sound()), "--address", service.address];
      const without = await folder.run(args, notAsked);
      expect(without.exitCode).to.equal(1);
      expect(without.stderr).to.match(/UNAUTHENTICATED/);
      const wrong = await folder.run(args, notAsked, { PROVISIONING_TOKEN: "wrong" });
      expect(wrong.exitCode).to.equal(1);
    });

    it("ends with 2, and tells nothing of it, when no token looks like the one given", async () => {
      const args = [folder.write("a.csv", sound()), "--address", service.address];
      for (const token of ["s3cret\n", "s3cret\rs3cret", "s3crét"]) {
        const run = await folder.run(args, notAsked, { PROVISIONING_TOKEN: token });
        expect(run).to.include({ exitCode: 2, stdout: "" });
        expect(run.stderr)
          .to.contain("PROVISIONING_TOKEN holds characters that no token has")
          .and.not.contain("s3cr");
      }
    });

    it("ends with 4 when nobody listens at the address", async () => {
      const args = [folder.write("a.csv", sound()), "--address", "127.0.0.1:1"];
      const run = await folder.run(args, notAsked, { PROVISIONING_TOKEN: "any" });
      expect(run.exitCode).to.equal(4);
      expect(run.stderr).to.match(/127\.0\.0\.1:1 answered UNAVAILABLE/);
    });
  });
});
