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
  const target = await bench.databases.copy(kind, template);
  try {
    return await measure(target);
  } finally {
    await bench.databases.discard(target);
  }
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
  const copies = new Map<Side, Target>();
  const copyAll = async () => {
    for (const name of names) copies.set(name, await bench.databases.copy(kind, templates[name]));
  };
  const take = (name: Side) => {
    const target = copies.get(name);
    if (target === undefined) throw new Error(`no copy for ${name}`);
    copies.delete(name);
    return target;
  };
  const sides = {} as Record<Side, () => Promise<number>>;
  for (const name of names) {
    sides[name] = async () => {
      if (copies.size === 0) await copyAll();
      const target = take(name);
      try {
        return await measure(target, name);
      } finally {
        await bench.databases.discard(target);
      }
    };
  }
  try {
    return await inTurn(rounds, sides);
  } finally {
    for (const target of copies.values()) await bench.databases.discard(target);
  }
}
