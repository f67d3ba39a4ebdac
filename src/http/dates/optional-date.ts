import { dateWithin } from "../../calls/fields/date.js";
import type { Violations } from "../../calls/fields/violations.js";
import type { TimeZone } from "../../requests/time-zone.js";
import { readDate } from "./date-text.js";

/** A date in milliseconds since 1970; undefined when it was not given, or is empty. */
export function optionalDate(
  violations: Violations,
  field: string,
  text: string | undefined,
  zone: TimeZone,
): number | undefined {
  if (text === undefined || text === "") return undefined;
  const read = readDate(text, zone);
  if ("ms" in read) return dateWithin(violations, field, read.ms);
  violations.add(field, read.fault);
  return 0;
}
