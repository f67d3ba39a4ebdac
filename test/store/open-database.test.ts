import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { EXIT_CODES, exitCodeOf } from "../../src/cli/exit-codes.js";
import { parseDatabaseUrl } from "../../src/config/database-target.js";
import { systemClock } from "../../src/requests/clock.js";
import { DatabaseUnreachable } from "../../src/store/database-unreachable.js";
import { openDatabase } from "../../src/store/open-database.js";
import { SQLITE_DRIVERS, type SqliteDriver } from "../../src/store/sqlite/sqlite-database.js";
import { rejection } from "../secrets/rejection.js";
import { DATABASES } from "../support/stores.js";
import { testFolder } from "../support/test-folder.js";

function open(url: string, sqliteDriver: SqliteDriver = "sqlite3") {
  const parsed = parseDatabaseUrl(url);
  if ("fault" in parsed) throw new Error(parsed.fault);
  return openDatabase({ settings: { database: parsed.target, sqliteDriver }, clock: systemClock });
}

describe("opening the database", () => {
  for (const target of DATABASES) {
    it(`opens ${target.title}, with its schema`, async () => {
      const { url, driver } = await target.create();
      const database = await open(url, driver);
      expect(await database.reader.all("SELECT * FROM providers")).to.deep.equal([]);
      await database.close();
    });
  }

  for (const target of DATABASES) {
    it(`leaves ${target.title} alone that a newer version has brought up to its own date`, async () => {
      const { url, driver } = await target.create();
      const database = await open(url, driver);
      await database.write("create", (tx) =>
        tx.all("INSERT INTO knex_migrations (name, batch) VALUES ('0099-future', 9)", []),
      );
      await database.close();
      const error = await rejection(open(url, driver));
      expect(error.message).to.equal(
        "the database was brought up to 0099-future by a newer version: run that one, or restore the backup made before",
      );
      expect(exitCodeOf(error)).to.equal(EXIT_CODES.usage);
    });
  }

  it("takes the URL form of an absolute path, and the other name of PostgreSQL", () => {
    expect(parseDatabaseUrl("sqlite:///var/x.db")).to.deep.equal({
      target: { kind: "sqlite", file: "/var/x.db" },
    });
    expect(parseDatabaseUrl("sqlite:/var/x.db")).to.deep.equal({
      target: { kind: "sqlite", file: "/var/x.db" },
    });
    expect(parseDatabaseUrl("postgresql://h/x")).to.deep.equal({
      target: { kind: "postgres", url: "postgresql://h/x" },
    });
  });

  const refused: Record<string, [url: string, reason: string]> = {
    "nobody listens": ["127.0.0.1:1/x", "connect ECONNREFUSED 127.0.0.1:1"],
    "the host does not exist": ["no-such-host.invalid/x", "getaddrinfo "],
  };
  for (const [title, [address, reason]] of Object.entries(refused)) {
    it(`tells when ${title}, without the password`, async () => {
      const error = await rejection(open(`postgres://user:s3cret@${address}`));
      expect(error).to.be.instanceOf(DatabaseUnreachable);
      expect(error.message).to.contain(`cannot open the database postgres://${address}: ${reason}`);
      expect(error.message).not.to.contain("s3cret");
    });
  }

  it("tells when the server has no such database, or no such user", async () => {
    const { url } = (await DATABASES.at(-1)?.create()) ?? { url: "" };
    const missing = await rejection(open(url.replace(/[^/]*$/, "no_such")));
    expect(missing).to.be.instanceOf(DatabaseUnreachable);
    expect(missing.message).to.contain('database "no_such" does not exist');
    const stranger = await rejection(open(url.replace("postgres:postgres@", "stranger:x@")));
    expect(stranger).to.be.instanceOf(DatabaseUnreachable);
  });

  for (const driver of SQLITE_DRIVERS) {
    it(`tells when the file is no database (${driver})`, async () => {
      const folder = testFolder("open");
      const file = join(folder, "x.db");
      writeFileSync(file, "this is a letter, and no database ".repeat(100));
      for (const path of [file, folder, join(file, "y.db")]) {
        const error = await rejection(open(`sqlite:${path}`, driver));
        expect(error, path).to.be.instanceOf(DatabaseUnreachable);
        expect(error.message).to.contain(`cannot open the database sqlite:${path}: `);
      }
    });
  }
});
