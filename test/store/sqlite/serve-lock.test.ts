import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { DatabaseUnreachable } from "../../../src/store/database-unreachable.js";
import { acquireServeLock, isServed } from "../../../src/store/sqlite/serve-lock.js";
import { SQLITE_DRIVERS } from "../../../src/store/sqlite/sqlite-database.js";
import { rejection } from "../../secrets/rejection.js";
import { testFolder } from "../../support/test-folder.js";

const HOLDER = fileURLToPath(new URL("hold-serve-lock.ts", import.meta.url));

for (const driver of SQLITE_DRIVERS) {
  describe(`the serve lock (${driver})`, () => {
    let folder: string;
    let file: string;
    const children: ChildProcess[] = [];

    beforeEach(() => {
      folder = testFolder("lock");
      file = join(folder, "provisioning.db");
    });

    afterEach(() => {
      for (const child of children.splice(0)) child.kill("SIGKILL");
    });

    /** Another process that tries to take the lock, with what it says. */
    async function another(path = file): Promise<[ChildProcess, string]> {
      const child = spawn(process.execPath, ["--import", "tsx", HOLDER, path, driver], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      children.push(child);
      const [said] = await once(child.stdout, "data");
      return [child, String(said).trim()];
    }

    it("is held once, and free again when given back", async () => {
      expect(await isServed(file, driver)).to.equal(false);
      expect(existsSync(`${file}.serve-lock`)).to.equal(false);
      const release = await acquireServeLock(file, driver);
      if (release === "held") throw new Error("nobody holds it");
      expect(await isServed(file, driver)).to.equal(true);
      expect(await acquireServeLock(file, driver)).to.equal("held");
      expect((await another())[1]).to.equal("held");
      await release();
      expect(await isServed(file, driver)).to.equal(false);
      const again = await acquireServeLock(file, driver);
      expect(again).to.be.a("function");
      if (again !== "held") await again();
    });

    it("is freed by the kernel when its holder is killed", async () => {
      const [child, said] = await another();
      expect(said).to.equal("taken");
      expect(await isServed(file, driver)).to.equal(true);
      expect(await acquireServeLock(file, driver)).to.equal("held");
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(await isServed(file, driver)).to.equal(false);
      const release = await acquireServeLock(file, driver);
      expect(release).to.be.a("function");
      if (release !== "held") await release();
    });

    it("is of the file, whatever it is called", async () => {
      writeFileSync(file, "");
      const link = join(folder, "link.db");
      symlinkSync(file, link);
      await another();
      expect(await isServed(link, driver)).to.equal(true);
      expect(await acquireServeLock(link, driver)).to.equal("held");
    });

    it("tells when the folder cannot be had", async () => {
      writeFileSync(file, "");
      const inside = join(file, "x.db");
      const error = await rejection(acquireServeLock(inside, driver));
      expect(error).to.be.instanceOf(DatabaseUnreachable);
      expect(error.message).to.contain(`cannot lock the database ${inside}: `);
    });
  });
}
