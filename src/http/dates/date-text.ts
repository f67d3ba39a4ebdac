import type { TimeZone } from "../../requests/time-zone.js";

/** What a date must look like, for who reads the documentation or an error. */
export const DATE_FORM = "a date like 2015-09-07T15:03:33 or 2015-09-07T15:03:33+03:00";

const FORM =
  /^(?<date>\d{4}-\d{2}-\d{2})(?:[Tt ](?<time>\d{2}:\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?(?<offset>[Zz]|[+-]\d{2}:\d{2})?)?$/;
/** A space before the offset: a + that a form or a query did not escape. */
const LOST_PLUS = / (?=\d{2}:\d{2}$)/;
/** Longer than any of the form. */
const MAX_LENGTH = 40;

/** A date that was read, or why it could not be. */
export type ReadDate = { readonly ms: number } | { readonly fault: string };

/**
 * Reads a date in milliseconds since 1970, what is finer cut off: with an offset as it is, without
 * one by the clocks of the zone. A day alone is its first moment.
 */
export function readDate(text: string, zone: TimeZone): ReadDate {
  const groups = text.length > MAX_LENGTH ? undefined : FORM.exec(text)?.groups;
  if (groups === undefined) {
    const isPlusLost = text.length <= MAX_LENGTH && FORM.test(text.replace(LOST_PLUS, "+"));
    const hint = isPlusLost ? "; in a form or a query + is written %2B" : "";
    return { fault: `must be ${DATE_FORM}${hint}` };
  }
  const { date, time = "00:00", second = "00", fraction = "", offset } = groups;
  const clock = `${date}T${time}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const local = Date.parse(clock);
  // Date.parse takes 24:00 and turns the 31st of a short month into the next one's first.
  if (Number.isNaN(local) || new Date(local).toISOString() !== clock) {
    return { fault: "is no date of the calendar" };
  }
  if (offset === undefined) {
    const ms = zone.fromLocal(local);
    return ms === undefined ? { fault: "is skipped by the clocks of the time zone" } : { ms };
  }
  const ahead = offsetMs(offset);
  return ahead === undefined ? { fault: "has no offset that there is" } : { ms: local - ahead };
}

/** Writes a date by the clocks of the zone, to the second and without offset. */
export function dateText(ms: number, zone: TimeZone): string {
  return new Date(zone.toLocal(ms)).toISOString().slice(0, 19);
}

function offsetMs(offset: string): number | undefined {
  if (offset === "Z" || offset === "z") return 0;
  const minutes = Number(offset.slice(4));
  const total = Number(offset.slice(1, 3)) * 60 + minutes;
  if (minutes > 59 || total > 18 * 60) return undefined;
  return (offset.startsWith("-") ? -total : total) * 60_000;
}
