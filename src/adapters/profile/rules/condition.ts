import type { Value, ValueKind } from "../fields/value.js";
import type { Wanted } from "../format/words.js";
import { glob } from "./glob.js";

/** Tells whether a value is what a profile asks for. */
export type Condition = (value: Value) => boolean;

const RANGE = /^([0-9]*)\.\.([0-9]*)$/;

/**
 * Makes a condition: for numbers `5` or `102..199` (an end may be left out), for texts a pattern,
 * or a list of which one must fit.
 */
export function condition(
  wanted: Wanted,
  kind: ValueKind,
): { readonly condition: Condition } | { readonly fault: string } {
  const alternatives: Condition[] = [];
  for (const each of Array.isArray(wanted) ? wanted : [wanted]) {
    const one = kind === "text" ? textCondition(String(each)) : numberCondition(each);
    if (one === undefined)
      return { fault: "must be a whole number or FROM..TO: the field is a number" };
    alternatives.push(one);
  }
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return { condition: only };
  return { condition: (value) => alternatives.some((fits) => fits(value)) };
}

function textCondition(pattern: string): Condition {
  const fits = glob(pattern);
  return (value) => fits(String(value));
}

function numberCondition(wanted: string | number): Condition | undefined {
  if (typeof wanted === "number") return (value) => value === wanted;
  const [range, from = "", to = ""] = RANGE.exec(wanted) ?? [];
  if (range === undefined || range === "..") return undefined;
  const least = from === "" ? Number.NEGATIVE_INFINITY : Number(from);
  const most = to === "" ? Number.POSITIVE_INFINITY : Number(to);
  return least > most ? undefined : (value) => Number(value) >= least && Number(value) <= most;
}
