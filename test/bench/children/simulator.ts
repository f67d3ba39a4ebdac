import { createSimulator, type Simulator } from "../../../src/simulator/simulator.js";
import { answerParent } from "./answer-parent.js";
import { monotonicMs } from "./monotonic.js";

/** Something that happened to a card; `at` is of the clock that all processes share. */
export interface CardEvent {
  readonly card: string;
  readonly at: number;
}

let simulator: Simulator | undefined;
const arrivals: CardEvent[] = [];
const effects: CardEvent[] = [];

/** The simulated CA system, in a process of its own. */
const api = {
  /** The port. With `record`, remembers when commands came and had their effect. */
  async start({ record }: { record: boolean }): Promise<number> {
    simulator = createSimulator();
    if (record) {
      simulator.onJournal(({ ev, card }) => {
        if (card === undefined) return;
        if (ev === "arrival") arrivals.push({ card, at: monotonicMs() });
        if (ev === "effect") effects.push({ card, at: monotonicMs() });
      });
    }
    return (await simulator.start()).port;
  },

  effects: async (): Promise<number> => simulator?.effects ?? 0,

  /** What was recorded of these cards. */
  async recorded(cards: readonly string[]) {
    const wanted = new Set(cards);
    const of = (events: readonly CardEvent[]) => events.filter(({ card }) => wanted.has(card));
    return { arrivals: of(arrivals), effects: of(effects) };
  },

  async stop(): Promise<void> {
    await simulator?.stop();
  },
};

export type SimulatorApi = typeof api;

answerParent(api);
