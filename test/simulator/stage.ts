import type { JournalEntry } from "../../src/simulator/journal.js";
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../src/simulator/simulator.js";
import { FakeClock } from "./fake-clock.js";
import { RawClient } from "./raw-client.js";
import { type Setup, setup } from "./wire.js";

/** A simulator under a fake clock, its journal, and clients that end with it. */
export class Stage {
  readonly clock = new FakeClock();
  readonly journal: JournalEntry[] = [];
  readonly log: string[] = [];
  readonly simulator: Simulator;
  readonly #clients: RawClient[] = [];
  port = 0;

  private constructor(options: SimulatorOptions) {
    const log = (line: string) => this.log.push(line);
    this.simulator = createSimulator({ clock: this.clock, log, ...options });
    this.simulator.onJournal((entry) => this.journal.push(entry));
  }

  static async open(options: SimulatorOptions = {}): Promise<Stage> {
    const stage = new Stage(options);
    stage.port = (await stage.simulator.start()).port;
    return stage;
  }

  /** A connection without a session. */
  async connect(): Promise<RawClient> {
    const client = await RawClient.connect(this.port);
    this.#clients.push(client);
    return client;
  }

  /** A connection with a session. */
  async login(values: Setup = {}): Promise<RawClient> {
    const client = await this.connect();
    await client.exchange(setup(values));
    return client;
  }

  /** The journal's events, in short. */
  get events(): string[] {
    return this.journal.map((entry) => entry.ev);
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end()));
    await this.simulator.stop();
  }
}
