import type { Change } from "../inventory/upsert-outcome.js";
import type { LineResult } from "./import-target.js";

/** A stored line is new when its item is, or all its items, or without any the subscription itself. */
export function storedResult(change: Change, itemChanges: readonly Change[]): LineResult {
  if (change === "UNCHANGED") return { kind: "unchanged" };
  const fresh = itemChanges.length === 0 ? [change] : itemChanges;
  return { kind: fresh.every((each) => each === "CREATED") ? "created" : "updated" };
}
