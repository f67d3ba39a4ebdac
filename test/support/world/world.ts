import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import pino from "pino";
import { findProtocol } from "../../../src/adapters/registry.js";
import { loadConfiguration } from "../../../src/config/configuration.js";
import { type Clock, systemClock } from "../../../src/requests/clock.js";
import { checkCron } from "../../../src/schedule/check-cron.js";
import { type Service, startService } from "../../../src/service.js";
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/simulator.js";
import type { Database } from "../../../src/store/knex/database.js";
import { lastingPort } from "../lasting-port.js";
import { openTestDatabase, type TestDatabase } from "../stores.js";
import { Api } from "./api.js";
import { CaJournal } from "./ca-journal.js";
import { type ChildLimits, ChildService } from "./child-service.js";
import { type ConfigurationOptions, environmentOf } from "./environment.js";
import { eventually, present } from "./eventually.js";
import { Operator } from "./operator.js";
import { createStocked, sqliteFile } from "./stocked-database.js";

export interface WorldOptions extends ConfigurationOptions {
  readonly simulator?: SimulatorOptions;
  /** Of a service in this process. */
  readonly clock?: Clock;
  /** Of the same, from 0 to 1: how much of each pause is waited. By chance by default. */
  readonly random?: () => number;
  /** Whether the CA system answers from the start; true by default. */
  readonly caUp?: boolean;
}

/**
 * A CA system, a database with an inventory, and services that start and stop: in this process,
 * or in processes of their own.
 */
export class World {
  readonly simulator: Simulator;
  readonly ca: CaJournal;
  readonly #options: WorldOptions;
  readonly #target: Target;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #children: ChildService[] = [];
  readonly #log: string[] = [];
  #database: Database | undefined;
  #service:
    | { readonly service: Service; readonly api: Api; readonly operator: Operator }
    | undefined;

  private constructor(
    simulator: Simulator,
    address: { host: string; port: number },
    target: Target,
    options: WorldOptions,
  ) {
    this.simulator = simulator;
    this.ca = new CaJournal(simulator);
    this.#target = target;
    this.#options = options;
    const { folder, variables } = environmentOf(target, address, options);
    this.#folder = folder;
    this.#environment = variables;
  }

  /** A world without a service. */
  static async create(source: TestDatabase, options: WorldOptions = {}): Promise<World> {
    const simulator = createSimulator({ port: await lastingPort(), ...options.simulator });
    const { host, port } = await simulator.start();
    if (options.caUp === false) await simulator.stop();
    try {
      return new World(simulator, { host, port }, await createStocked(source), options);
    } catch (error) {
      await simulator.stop();
      throw error;
    }
  }

  /** The caller of the service in this process. */
  get api(): Api {
    return present(this.#service).api;
  }

  /** Who configures the service in this process by calls. */
  get operator(): Operator {
    return present(this.#service).operator;
  }

  get service(): Service {
    return present(this.#service).service;
  }

  /** What all services logged. */
  get log(): string {
    return [...this.#log, ...this.#children.map((child) => child.log)].join("");
  }

  /** What services logged and the CA system saw last, for whoever looks into a failure. */
  story(): string {
    const journal = this.ca.entries.slice(-40).map((entry) => `${JSON.stringify(entry)}\n`);
    return `--- services\n${this.log}--- CA system\n${journal.join("")}---\n`;
  }

  /** A way into the database beside the services. */
  async database(): Promise<Database> {
    this.#database ??= await openTestDatabase(this.#target);
    return this.#database;
  }

  /** Where the database is. */
  get databaseUrl(): string {
    return this.#target.url;
  }

  /** The variables that services and commands of this world are given. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /** Starts the service in this process. */
  async start(settings: ConfigurationOptions["settings"] = {}): Promise<Api> {
    const environment = { ...this.#environment, ...prefixed(settings) };
    const configuration = loadConfiguration({ environment, findProtocol, checkCron });
    const service = await startService({
      configuration,
      logger: pino({ level: "info" }, { write: (line: string) => this.#log.push(line) }),
      clock: this.#options.clock ?? systemClock,
      random: this.#options.random ?? Math.random,
      announceFirstUser: () => undefined,
    });
    const { grpc } = service;
    this.#service = { service, api: new Api(grpc), operator: new Operator(grpc) };
    return this.api;
  }

  /** Stops the service in this process in good order, or at once. */
  async stop(now: AbortSignal = new AbortController().signal): Promise<void> {
    const running = this.#service;
    this.#service = undefined;
    await running?.service.stop(now);
    running?.api.close();
    running?.operator.close();
  }

  /** Starts a service in a process of its own. */
  async spawn(
    settings: ConfigurationOptions["settings"] = {},
    limits: ChildLimits = {},
  ): Promise<ChildService> {
    return this.begin(settings, limits).listening();
  }

  /** Begins to start a service in a process of its own; it may never listen. */
  begin(settings: ConfigurationOptions["settings"] = {}, limits: ChildLimits = {}): ChildService {
    const child = new ChildService({ ...this.#environment, ...prefixed(settings) }, limits);
    this.#children.push(child);
    return child;
  }

  /** Starts a service in a process of its own, and kills it so many milliseconds later. */
  async spawnInVain(ms: number): Promise<void> {
    const child = this.begin();
    // Where in its start it is by then is left to chance, and is meant to be.
    await new Promise((resolve) => setTimeout(resolve, ms));
    await child.kill();
  }

  /** The CA system is gone: no session, no connection. */
  caDown(): Promise<void> {
    return this.simulator.stop();
  }

  /** The CA system is back, with all that it remembers. */
  async caUp(): Promise<void> {
    await this.simulator.start();
  }

  /** Resolves when every effective provider has its sessions. */
  async connected(): Promise<void> {
    const { reader } = await this.database();
    await eventually(
      "open sessions",
      () =>
        reader.all(`SELECT s.provider, s.state, s.last_error FROM session_slots s
          JOIN providers p ON p.name = s.provider WHERE p.life_cycle_state = 'EFFECTIVE'`),
      (slots) => slots.every(({ state }) => state === "OPEN"),
    );
  }

  /** Kills every process that runs. */
  async killAll(): Promise<void> {
    const running = this.#children.filter((child) => child.running);
    await Promise.all(running.map((child) => child.kill()));
  }

  /** Ends all that runs and removes all that was written. */
  async end(): Promise<void> {
    await this.killAll();
    await this.stop(AbortSignal.abort());
    await this.#database?.close();
    await this.simulator.stop();
    await rm(this.#folder, { recursive: true, force: true });
    const { url } = this.#target;
    if (!url.startsWith("sqlite:")) return;
    await rm(dirname(sqliteFile(url)), { recursive: true, force: true });
  }
}

type Target = Awaited<ReturnType<TestDatabase["create"]>>;

function prefixed(settings: ConfigurationOptions["settings"] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`PROVISIONING_${name}`, String(value)]),
  );
}
