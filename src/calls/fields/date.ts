import type { Violations } from "./violations.js";

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what protobuf allows, on every edge. */
const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_799_999;

/** A date in milliseconds since 1970 that is one of the years 0001 to 9999. */
export function dateWithin(violations: Violations, field: string, ms: number): number {
  if (ms >= EARLIEST_MS && ms <= LATEST_MS) return ms;
  violations.add(field, "is no date of the years 0001 to 9999");
  return 0;
}
