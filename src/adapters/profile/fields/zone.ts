/** A time zone, ready to be asked. */
export interface Zone {
  /** How far its clocks are ahead of UTC at a moment, in milliseconds. */
  offsetAt(ms: number): number;
}

export const UTC: Zone = { offsetAt: () => 0 };

const DAY_MS = 86_400_000;

/** The zone of a name that exists, such as `Europe/Nicosia`. */
export function zone(name: string | undefined): Zone {
  if (name === undefined || name === "UTC") return UTC;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone: name,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return {
    offsetAt(ms) {
      const shown = new Map(
        clock.formatToParts(ms).map(({ type, value }) => [type, Number(value)]),
      );
      const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
      const wall = new Date(0);
      wall.setUTCFullYear(part("year"), part("month") - 1, part("day"));
      wall.setUTCHours(part("hour"), part("minute"), part("second"));
      return wall.getTime() - Math.floor(ms / 1_000) * 1_000;
    },
  };
}

/**
 * The moment at which clocks of the zone show what clocks of UTC show at `wall`: the earlier one
 * when they do twice, undefined when they never do, since clocks go forward there.
 */
export function momentOf(wall: number, { offsetAt }: Zone): number | undefined {
  // No zone changes twice within two days.
  for (const near of [wall - DAY_MS, wall + DAY_MS]) {
    const ms = wall - offsetAt(near);
    if (ms + offsetAt(ms) === wall) return ms;
  }
  return undefined;
}
