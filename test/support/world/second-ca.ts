import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/simulator.js";
import { CaJournal } from "./ca-journal.js";

/** A CA system beside the world's own, with a memory of its own. */
export interface SecondCa {
  readonly simulator: Simulator;
  readonly ca: CaJournal;
  /** What leads a provider to it. */
  readonly connection: Readonly<Record<string, string | number>>;
}

/** Starts CA systems for the tests of the surrounding suite, and stops them after each. */
export function useCaSystems() {
  const started: Simulator[] = [];

  afterEach(async () => {
    await Promise.all(started.splice(0).map((simulator) => simulator.stop()));
  });

  return async function start(options: SimulatorOptions = {}): Promise<SecondCa> {
    const simulator = createSimulator(options);
    started.push(simulator);
    const ca = new CaJournal(simulator);
    const { host, port } = await simulator.start();
    return { simulator, ca, connection: { host, port, source_id: 7, password: "secret" } };
  };
}
