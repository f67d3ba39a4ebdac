import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { rotateSecretKeyCommand } from "../../src/cli/rotate-secret-key.js";
import { Cipher } from "../../src/secrets/cipher.js";
import { PIN_PURPOSE } from "../../src/secrets/purposes.js";
import { json } from "../../src/store/knex/database.js";
import { ProvisioningCalls, pinItem, reauthoriseItem } from "../support/provisioning-calls.js";
import { eventually } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";
import { type CliResult, runCli } from "./run-cli.js";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
/** Enough that some kills come in the middle of them. */
const MANY = 20_000;
const KILLED_AFTER_MS = [250, 500, 600, 700, 800, 1000];

const KEY = "PROVISIONING_SECRET_KEY_FILE";
const REQUEST_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

for (const database of ONE_OF_EACH) {
  describe(`rotate-secret-key on ${database.title}`, () => {
    const worlds = useWorlds(database);

    /** A database with secrets of every kind; the service that made them has stopped. */
    async function withSecrets() {
      const world = await worlds.create({ caUp: false });
      await world.start();
      const calls = new ProvisioningCalls(world);
      await world.operator.createProvider({
        name: "by-call",
        protocol: "nds",
        connection: { host: "127.0.0.1", port: 1, source_id: 9, password: "hush" },
      });
      for (const card of [0, 1, 2]) await calls.setPin(card, "7391");
      const message = { requestId: REQUEST_ID };
      const request = await world.api.create(3, message);
      await world.stop();
      const old = String(world.environment[KEY]);
      const file = join(dirname(old), "new.key");
      return { world, old, file, request, message };
    }

    const rotate = (
      world: World,
      file: string,
      flags: readonly string[] = [],
    ): Promise<CliResult> =>
      runCli(
        ["rotate-secret-key", file, ...flags],
        (context) => [rotateSecretKeyCommand(context)],
        {
          environment: { ...world.environment },
        },
      );

    /** Every text in the database that is encrypted, by the id of its key. */
    async function encrypted(world: World): Promise<Map<string, number>> {
      const { reader } = await world.database();
      const counts = new Map<string, number>();
      const texts = [
        ...(await reader.all<{ text: string }>("SELECT value AS text FROM secrets")),
        ...(await reader.all<{ text: string }>("SELECT connection AS text FROM providers")),
        ...(await reader.all<{ text: string }>(
          "SELECT pin AS text FROM waiting WHERE pin IS NOT NULL",
        )),
      ];
      for (const { text } of texts) {
        const id = text.split(".")[1] ?? "";
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      return counts;
    }

    it("puts everything under a key that it makes, and the service goes on with it", async () => {
      const { world, old, file, request, message } = await withSecrets();
      const { code, stdout, stderr } = await rotate(world, file, ["--json"]);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
      const to = new Cipher(readFileSync(file));
      expect(JSON.parse(stdout)).to.deep.equal({
        event: "secret_key_rotated",
        key_file: file,
        key_id: to.keyId,
        changed: true,
        secrets: 1,
        connections: 2,
        pins: 3,
      });
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      expect(await encrypted(world)).to.deep.equal(new Map([[to.keyId, 6]]));
      // The key of the old settings opens nothing any more.
      const refused = await world.start().then(
        () => "started",
        (error: Error) => error.message,
      );
      expect(refused).to.contain("was encrypted with another secret key");
      writeFileSync(old, readFileSync(file));
      await world.start();
      await world.caUp();
      const ended = await world.api.allEnded(await world.api.all());
      expect(ended.every(({ lifeCycleState }) => lifeCycleState.endsWith("COMPLETED"))).to.equal(
        true,
      );
      // The key of the body hashes is what it was: the same create is known again.
      const again = await world.api.reauthorise(3, message);
      expect(again).to.include({ replayed: true });
      expect(again.provisioningRequest?.number).to.equal(request.number);
      expect((await world.operator.provider("by-call")).secretsSet).to.deep.equal(["password"]);
    });

    it("can be given again: nothing is left to do, and that is said", async () => {
      const { world, file } = await withSecrets();
      await rotate(world, file);
      const before = await encrypted(world);
      const { code, stdout } = await rotate(world, file);
      expect({ code, stdout }).to.deep.equal({
        code: 0,
        stdout: `everything was under the key in ${file} already; nothing was changed\n`,
      });
      expect(await encrypted(world)).to.deep.equal(before);
    });

    it("refuses while the service runs, and leaves everything as it is", async () => {
      const world = await worlds.start();
      const file = join(dirname(String(world.environment[KEY])), "new.key");
      const before = await encrypted(world);
      const { code, stdout, stderr } = await rotate(world, file);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
      expect(stderr).to.match(/a service holds|instances of the service live/);
      expect(await encrypted(world)).to.deep.equal(before);
      await world.api.ended(await world.api.create(0));
    });

    it("refuses a key file that is none, and settings whose key is not the database's", async () => {
      const { world, old, file } = await withSecrets();
      writeFileSync(file, "short", { mode: 0o600 });
      const short = await rotate(world, file);
      expect(short.code).to.equal(2);
      expect(short.stderr).to.contain("holds 5 bytes and must hold 32");
      writeFileSync(old, randomBytes(32), { mode: 0o600 });
      writeFileSync(file, randomBytes(32), { mode: 0o600 });
      const wrong = await rotate(world, file);
      expect(wrong.code).to.equal(2);
      expect(wrong.stderr).to.contain("the database's secrets are under a key with the id");
    });

    it("does nothing without a key to begin with", async () => {
      const { world, old, file } = await withSecrets();
      const missing = `${old}.gone`;
      const { code, stderr } = await runCli(
        ["rotate-secret-key", file],
        (context) => [rotateSecretKeyCommand(context)],
        { environment: { ...world.environment, [KEY]: missing } },
      );
      expect(code).to.equal(2);
      expect(stderr).to.contain(`cannot read the secret key file ${missing}`);
      expect(existsSync(file)).to.equal(false);
    });

    it("keeps a process that slept through it from writing or reading with the old key", async () => {
      const { world, file } = await withSecrets();
      await world.start({ LEASE_MS: 60_000, HEARTBEAT_MS: 59_000 });
      const tables = await world.database();
      if (!tables.dialect.capabilities.manyInstances) {
        // One process for each file: its lock keeps the command out.
        expect((await rotate(world, file)).code).to.equal(1);
        return;
      }
      // As far as the database tells it died; in truth it sleeps.
      await tables.write("create", (tx) => tx.all("UPDATE incarnations SET lease_date = 1"));
      expect((await rotate(world, file)).code).to.equal(0);
      const to = new Cipher(readFileSync(file)).keyId;
      const calls = new ProvisioningCalls(world);
      const refused = await calls.setPin(5, "7391").then(
        () => "stored",
        (error: { details?: string }) => error.details,
      );
      expect(refused).to.contain("an internal error");
      // What came with it needs no key.
      const results = await calls.batchCreate([reauthoriseItem(6), pinItem(6, "7391")]);
      expect(results.map(({ outcome }) => outcome?.$case)).to.deep.equal(["created", "status"]);
      expect(world.log).to.contain("under another secret key");
      await world.operator
        .createProvider({
          name: "late",
          protocol: "nds",
          connection: { host: "h", port: 1, source_id: 1, password: "x" },
        })
        .then(
          () => expect.fail("it was stored under the old key"),
          () => undefined,
        );
      expect([...(await encrypted(world)).keys()]).to.deep.equal([to]);
    });

    it("killed at any point: everything is under one key, and giving it again finishes it", async () => {
      const { world, old, file } = await withSecrets();
      const tables = await world.database();
      const from = new Cipher(readFileSync(old));
      const pin = from.encrypt(PIN_PURPOSE, "7391");
      const columns = { number: "bigint" } as const;
      const numbers = Array.from({ length: MANY }, (_, i) => ({ number: 1_000_000 + i }));
      await tables.write("import", (tx) =>
        tx.all(
          `INSERT INTO waiting (number, provider, ca_id, order_date, due_date, lane_rank, pin)
           SELECT x.number, 'by-call', '1', 1, 0, 0, ? FROM ${tx.dialect.rows("x", columns)}`,
          [pin, json(columns, numbers)],
        ),
      );
      for (const ms of KILLED_AFTER_MS) {
        const child = spawn(process.execPath, [MAIN, "rotate-secret-key", file], {
          env: { PATH: process.env.PATH, ...world.environment },
          stdio: "ignore",
        });
        const exit = once(child, "exit");
        // Where it is by then is left to chance, and is meant to be.
        await new Promise((resolve) => setTimeout(resolve, ms));
        child.kill("SIGKILL");
        await exit;
        expect((await encrypted(world)).size).to.equal(1);
      }
      const last = await eventually(
        "an end of the rotation",
        () => rotate(world, file),
        ({ code }) => code === 0,
      );
      expect(last.stdout).to.match(/^everything (is|was) under the key in /);
      const to = new Cipher(readFileSync(file)).keyId;
      expect(await encrypted(world)).to.deep.equal(new Map([[to, MANY + 6]]));
    }).timeout(120_000);
  });
}
