import { TimeZone } from "../../../requests/time-zone.js";

const UTC = new TimeZone("UTC");

/** How a date is laid out in digits. */
export const DATE_LAYOUTS = [
  "YYYYMMDD",
  "YYYYMMDDHHMM",
  "YYYYMMDDHHMMSS",
  "YYMMDD",
  "YYMMDDHHMMSS",
] as const;
export type DateLayout = (typeof DATE_LAYOUTS)[number];

/** Years of two digits are those of this century. */
const CENTURY = 2000;

/** The digits of a moment; undefined when its year does not fit. */
export function dateDigits(
  ms: number,
  layout: DateLayout,
  zone: TimeZone = UTC,
): string | undefined {
  if (Number.isNaN(new Date(ms).getTime())) return undefined;
  // What a clock of UTC would show if it were one of the zone.
  const date = new Date(zone.toLocal(ms));
  if (Number.isNaN(date.getTime())) return undefined;
  const short = !layout.startsWith("YYYY");
  const year = date.getUTCFullYear() - (short ? CENTURY : 0);
  if (year < 0 || year > (short ? 99 : 9999)) return undefined;
  const parts = [
    String(year).padStart(short ? 2 : 4, "0"),
    ...[
      date.getUTCMonth() + 1,
      date.getUTCDate(),
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
    ].map((part) => String(part).padStart(2, "0")),
  ];
  return parts.join("").slice(0, layout.length);
}

/** The moment that digits stand for; undefined when there is no such day or time. */
export function dateOf(
  digits: string,
  layout: DateLayout,
  zone: TimeZone = UTC,
): number | undefined {
  if (digits.length !== layout.length || !/^[0-9]+$/.test(digits)) return undefined;
  const long = layout.startsWith("YYYY") ? digits : `${CENTURY / 100}${digits}`;
  const part = (start: number, length: number) => Number(long.slice(start, start + length) || "0");
  const ms = Date.UTC(0, part(4, 2) - 1, part(6, 2), part(8, 2), part(10, 2), part(12, 2));
  const date = new Date(ms);
  // Not in Date.UTC: it takes a year under 100 for one of the twentieth century.
  date.setUTCFullYear(part(0, 4), part(4, 2) - 1, part(6, 2));
  if (dateDigits(date.getTime(), layout) !== digits) return undefined;
  return zone.fromLocal(date.getTime());
}
