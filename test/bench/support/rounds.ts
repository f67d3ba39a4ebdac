import { progress } from "./progress.js";

/** Measures all sides in turn, so often; each round holds the value of every side. */
export async function inTurn<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
  /** What comes before each round, and is not measured. */
  prepare = async () => {},
): Promise<Record<Side, number>[]> {
  const names = Object.keys(sides) as Side[];
  const measured: Record<Side, number>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await prepare();
    const values = {} as Record<Side, number>;
    // Every other round the other way round: what a side leaves behind hits both.
    const order = round % 2 === 1 ? names : names.toReversed();
    for (const name of order) {
      progress(`round ${round} of ${rounds}: ${name}`);
      values[name] = await sides[name]();
    }
    measured.push(values);
  }
  return measured;
}
