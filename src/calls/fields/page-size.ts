import type { Violations } from "./violations.js";

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

/** How many results a page holds at most: 50 when not given, never more than 1,000. */
export function pageSize(violations: Violations, value: number, field = "page_size"): number {
  if (value < 0) violations.add(field, "must not be negative");
  return value === 0 ? DEFAULT_PAGE_SIZE : Math.min(Math.max(value, 0), MAX_PAGE_SIZE);
}
