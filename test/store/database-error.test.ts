import { expect } from "chai";
import { isDatabaseDown } from "../../src/store/database-error.js";

const coded = (code: string) => Object.assign(new Error("some text"), { code });

describe("a failure of the database as a whole", () => {
  it("is told by its code", () => {
    const codes = ["08006", "25006", "25P03", "40001", "53100", "55P03", "57P01", "58030"];
    for (const code of [...codes, "SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "ECONNRESET"]) {
      expect(isDatabaseDown(coded(code)), code).to.equal(true);
    }
    for (const code of ["22P02", "23505", "25P02", "42P01", "SQLITE_CONSTRAINT", "SQLITE_ERROR"]) {
      expect(isDatabaseDown(coded(code)), code).to.equal(false);
    }
  });

  it("is told by its text where drivers give no code, with a statement before it or not", () => {
    for (const text of [
      "Connection terminated unexpectedly",
      "Query read timeout",
      "Client has encountered a connection error and is not queryable",
      "Client was closed and is not queryable",
    ]) {
      expect(isDatabaseDown(new Error(text))).to.equal(true);
      expect(isDatabaseDown(new Error(`ROLLBACK - ${text}`))).to.equal(true);
      expect(isDatabaseDown(new Error(`SELECT a,\n  b - 1\nFROM c - ${text}`))).to.equal(true);
      expect(isDatabaseDown(new Error(`SELECT '${text}'\nFROM c - no such table`))).to.equal(false);
    }
    expect(isDatabaseDown(new Error("a bug of ours"))).to.equal(false);
    expect(isDatabaseDown("Connection terminated")).to.equal(false);
  });
});
