import type { Violations } from "../../calls/fields/violations.js";

/**
 * Goes through the paths of a mandatory `update_mask`. `take` takes note of one, and is false for
 * what cannot be changed; `possible` says in words what can be.
 */
export function readUpdateMask(
  violations: Violations,
  mask: readonly string[] | undefined,
  possible: string,
  take: (path: string) => boolean,
): void {
  if (mask === undefined || mask.length === 0) {
    violations.add("update_mask", `is mandatory: name what to change, of ${possible}`);
    return;
  }
  mask.forEach((path, i) => {
    if (!take(path)) violations.add(`update_mask.paths[${i}]`, `must be one of ${possible}`);
  });
}
