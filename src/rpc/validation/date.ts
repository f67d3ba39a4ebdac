import type { Timestamp } from "../../gen/google/protobuf/timestamp.js";
import type { Violations } from "./violations.js";

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, in seconds since 1970: what protobuf allows. */
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;
const MAX_NANOS = 999_999_999;

/** A date in milliseconds since 1970, what is finer cut off; undefined when it was not given. */
export function optionalDate(
  violations: Violations,
  field: string,
  value: Timestamp | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  const { seconds, nanos } = value;
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > MAX_NANOS) {
    violations.add(field, "is no date of the years 0001 to 9999");
    return 0;
  }
  return Number(seconds) * 1000 + Math.floor(nanos / 1_000_000);
}
