import type { Violations } from "./violations.js";

const MAX_BATCH_SIZE = 1000;

/** How many things one message may bring: 1 to 1,000. */
export function batchSize(violations: Violations, field: string, things: readonly unknown[]): void {
  const { length } = things;
  if (length >= 1 && length <= MAX_BATCH_SIZE) return;
  violations.add(field, `must be 1 to ${MAX_BATCH_SIZE}, and are ${length}`);
}
