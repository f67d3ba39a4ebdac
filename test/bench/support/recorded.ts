import type { SimulatorApi } from "../children/simulator.js";
import type { Child } from "./child.js";
import { expectCount } from "./drain.js";
import { until } from "./until.js";

type Recorded = Awaited<ReturnType<SimulatorApi["recorded"]>>;

/** What the CA system recorded of these cards, once it had so many effects on them, and no more. */
export async function recordedOf(
  simulator: Child<SimulatorApi>,
  cards: readonly string[],
  effects: number,
): Promise<Recorded> {
  let recorded = await simulator.ask("recorded", cards);
  await until("the effects on the cards", async () => {
    recorded = await simulator.ask("recorded", cards);
    return recorded.effects.length >= effects;
  });
  expectCount("effects on the cards", recorded.effects.length, effects);
  return recorded;
}
