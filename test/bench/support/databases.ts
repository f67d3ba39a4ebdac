import { randomBytes } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type PostgresServer, startPostgres } from "../../support/postgres-server.js";
import type { Setup, Target } from "../children/configuration.js";
import { progress } from "./progress.js";

export type Kind = Target["kind"];
export const KINDS: readonly Kind[] = ["sqlite", "postgres"];

/** Room for the histories; everything that bears on durability is as it comes. */
const POSTGRES_SETTINGS = ["shared_buffers=1GB", "max_wal_size=4GB", "max_connections=100"];

/** Contents that are built once in a run and then copied. */
export interface Template {
  /** Names the contents, all of them. */
  readonly name: string;
  /** Contents to begin with. */
  readonly base?: Template;
  /** Adds the contents to a copy of the base, or to an empty database. */
  build(target: Target): Promise<void>;
}

/** Where databases come from: each a copy of a template. */
export class Databases {
  /** Holds every file of the run, the secret key too. */
  readonly folder: string;
  readonly #driver: Target["driver"];
  readonly #built = new Map<string, Promise<Target>>();
  #postgres: Promise<PostgresServer> | undefined;
  #made = 0;

  constructor(folder: string, driver: Target["driver"]) {
    this.folder = folder;
    this.#driver = driver;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "key"), randomBytes(32), { mode: 0o600 });
  }

  /** What a child needs to work on a database. */
  setup(target: Target, providers: Setup["providers"]): Setup {
    return { target, folder: this.folder, providers };
  }

  /** A database of one's own with the template's contents; without one it is empty. */
  async copy(kind: Kind, template?: Template): Promise<Target> {
    const source = template === undefined ? undefined : await this.#template(kind, template);
    this.#made += 1;
    const name = `bench_${process.pid}_${this.#made}`;
    return kind === "sqlite" ? this.#copyFile(name, source) : this.#copyDatabase(name, source);
  }

  async discard({ kind, url }: Target): Promise<void> {
    if (kind === "postgres") {
      await this.query(`DROP DATABASE ${nameOf(url)} WITH (FORCE)`);
      return;
    }
    for (const suffix of ["", "-wal", "-shm", ".serve-lock"]) {
      rmSync(`${fileOf(url)}${suffix}`, { force: true });
    }
  }

  /** Version and durability, for the details of a figure. */
  async describe(kind: Kind): Promise<Record<string, string>> {
    if (kind === "sqlite") {
      return { database: `SQLite through ${this.#driver}`, durability: "WAL, synchronous=FULL" };
    }
    const shown = async (name: string) =>
      String(Object.values((await this.query(`SHOW ${name}`))[0] ?? {})[0]);
    return {
      database: `PostgreSQL ${await shown("server_version")}, ${POSTGRES_SETTINGS.join(", ")}`,
      durability: `fsync=${await shown("fsync")}, synchronous_commit=${await shown("synchronous_commit")}`,
    };
  }

  /** Runs a statement on a PostgreSQL database, without the service's timeouts. */
  async query(sql: string, target?: Target): Promise<Record<string, unknown>[]> {
    const server = await this.#server();
    return server.query(target?.url ?? (await this.#administration()), sql);
  }

  /** Stops the server; the files are the caller's. */
  async close(): Promise<void> {
    await (await this.#postgres)?.stop();
  }

  #template(kind: Kind, template: Template): Promise<Target> {
    const key = `${kind} ${template.name}`;
    const built = this.#built.get(key) ?? this.#build(kind, template);
    this.#built.set(key, built);
    return built;
  }

  async #build(kind: Kind, template: Template): Promise<Target> {
    const target = await this.copy(kind, template.base);
    progress(`building on ${kind}: ${template.name}`);
    await template.build(target);
    // Now, and not in the middle of a measurement by autovacuum.
    if (kind === "postgres") await this.query("VACUUM ANALYZE", target);
    return target;
  }

  #copyFile(name: string, source: Target | undefined): Target {
    const file = join(this.folder, `${name}.db`);
    if (source !== undefined) {
      // The last commits may still be in the write-ahead log; nobody has it open any more.
      for (const suffix of ["", "-wal"]) {
        const from = `${fileOf(source.url)}${suffix}`;
        if (existsSync(from)) copyToDisk(from, `${file}${suffix}`);
      }
    }
    return { kind: "sqlite", url: `sqlite:${file}`, driver: this.#driver };
  }

  async #copyDatabase(name: string, source: Target | undefined): Promise<Target> {
    if (source === undefined) await this.query(`CREATE DATABASE ${name}`);
    else {
      await this.query(`CREATE DATABASE ${name} TEMPLATE ${nameOf(source.url)} STRATEGY FILE_COPY`);
      // The checkpoint that is due after such a copy belongs to nobody's measurement.
      await this.query("CHECKPOINT");
    }
    const url = (await this.#administration()).replace(/[^/]*$/, name);
    return { kind: "postgres", url, driver: this.#driver };
  }

  #server(): Promise<PostgresServer> {
    this.#postgres ??= startPostgres(POSTGRES_SETTINGS);
    return this.#postgres;
  }

  async #administration(): Promise<string> {
    const { administration } = await this.#server();
    return administration;
  }
}

/** What is left to write of a copy, more of a larger one, belongs to nobody's measurement either. */
function copyToDisk(from: string, to: string): void {
  copyFileSync(from, to);
  const file = openSync(to, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

const fileOf = (url: string) => url.slice("sqlite:".length);
const nameOf = (url: string) => url.replace(/.*\//, "");
