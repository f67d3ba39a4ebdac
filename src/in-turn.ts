/** One of several things to be done, and its name. */
export type Step = readonly [name: string, take: () => Promise<unknown>];

/** Takes one step after the other, and tells the name of each before. */
export async function inTurn(
  steps: readonly Step[],
  onStep: (name: string) => void = () => undefined,
): Promise<void> {
  for (const [name, take] of steps) {
    onStep(name);
    await take();
  }
}
