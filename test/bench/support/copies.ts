import type { Target } from "../children/configuration.js";
import type { Bench } from "./bench.js";
import type { Kind, Template } from "./databases.js";
import { inTurn } from "./rounds.js";

/** Measures on a copy of a template, which goes afterwards. */
export async function onCopy<T>(
  bench: Bench,
  kind: Kind,
  template: Template,
  measure: (target: Target) => Promise<T>,
): Promise<T> {
  return discarded(bench, await bench.databases.copy(kind, template), measure);
}

/**
 * Measures in turn sides that differ in their databases. All are copied before the first of a round
 * is measured: a large copy leaves the system short of free memory, and so slowed its own side alone
 * (claims from 10,000 finished requests, 11.8 us each, took 12.4 after a copy of five million).
 */
export async function onCopiesInTurn<Side extends string>(
  bench: Bench,
  kind: Kind,
  rounds: number,
  templates: Readonly<Record<Side, Template>>,
  measure: (target: Target, side: Side) => Promise<number>,
): Promise<Record<Side, number>[]> {
  const names = Object.keys(templates) as Side[];
  const copies = {} as Record<Side, Target>;
  const copyAll = async () => {
    for (const name of names) copies[name] = await bench.databases.copy(kind, templates[name]);
  };
  const sides = {} as Record<Side, () => Promise<number>>;
  for (const name of names) {
    sides[name] = () => discarded(bench, copies[name], (target) => measure(target, name));
  }
  return inTurn(rounds, sides, copyAll);
}

async function discarded<T>(
  bench: Bench,
  target: Target,
  measure: (target: Target) => Promise<T>,
): Promise<T> {
  try {
    return await measure(target);
  } finally {
    await bench.databases.discard(target);
  }
}
