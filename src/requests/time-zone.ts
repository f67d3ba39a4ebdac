const HOUR_MS = 3_600_000;

/** Offsets are kept for a quarter of an hour each: since then none has changed within one. */
const KEPT_SINCE = Date.UTC(1980, 0, 1);
const KEPT_FOR_MS = HOUR_MS / 4;
/** A year of quarters is 35,000; dates near one another are what is asked for. */
const MAX_KEPT = 4096;

/** Around a local time, where every offset that may hold for it has been seen: a zone may skip a day. */
const PROBES_MS = [-38 * HOUR_MS, -14 * HOUR_MS, 0, 14 * HOUR_MS, 38 * HOUR_MS];

/**
 * The clocks of a time zone. Times by its clocks are given as milliseconds that UTC's clocks would
 * have at that reading.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #kept = new Map<number, number>();

  /** `name`: of the IANA database, such as `Europe/Nicosia`. */
  constructor(name: string) {
    // UTC needs no looking up; it is the default.
    if (name === "UTC") return;
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** What the clocks show at a moment. */
  toLocal(date: number): number {
    return date + this.#offsetAt(date);
  }

  /**
   * The moment at which the clocks show this: the earlier one where they show it twice, undefined
   * where they never do, having been put forward past it.
   */
  fromLocal(local: number): number | undefined {
    if (this.#format === undefined) return local;
    const offsets = new Set(PROBES_MS.map((probe) => this.#offsetAt(local + probe)));
    const moments = [...offsets].map((offset) => local - offset);
    const shown = moments.filter((moment) => this.toLocal(moment) === local);
    return shown.length === 0 ? undefined : Math.min(...shown);
  }

  /** How far the clocks are ahead of UTC. */
  #offsetAt(date: number): number {
    if (this.#format === undefined) return 0;
    if (date < KEPT_SINCE) return lookUp(this.#format, date);
    const quarter = Math.floor(date / KEPT_FOR_MS);
    const kept = this.#kept.get(quarter);
    if (kept !== undefined) return kept;
    const offset = lookUp(this.#format, quarter * KEPT_FOR_MS);
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(quarter, offset);
    return offset;
  }
}

function lookUp(format: Intl.DateTimeFormat, date: number): number {
  const second = Math.floor(date / 1000) * 1000;
  const parts = new Map(format.formatToParts(second).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  // Intl counts 1 BC as the year 1 of an era of its own; dates start at the year 1.
  const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
  const local = new Date(0);
  local.setUTCFullYear(year, number("month") - 1, number("day"));
  local.setUTCHours(number("hour"), number("minute"), number("second"));
  return local.getTime() - second;
}
