/** The value at a share of the way from the smallest to the largest, 0..1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  if (value === undefined) throw new Error("no values were measured");
  return value;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const pair = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const [low, high] = pair;
  if (low === undefined || high === undefined) throw new Error("no values were measured");
  return (low + high) / 2;
}

/** The medians of each side of a comparison, by name. */
export function medians<Side extends string>(
  rounds: readonly Readonly<Record<Side, number>>[],
  sides: readonly Side[],
): Record<Side, number> {
  const entries = sides.map((side) => [side, median(rounds.map((round) => round[side]))]);
  return Object.fromEntries(entries) as Record<Side, number>;
}
