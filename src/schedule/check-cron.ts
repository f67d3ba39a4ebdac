import { scheduleJob } from "node-schedule";

/** What is wrong with a cron expression in a time zone, as the scheduler sees it; undefined: nothing. */
export function checkCron(cron: string, timeZone: string): string | undefined {
  const job = scheduleJob({ rule: cron, tz: timeZone }, () => undefined);
  // null: the expression cannot be read, or names no moment that will ever come.
  if (job === null) return "is not a cron expression that ever fires";
  job.cancel();
  return undefined;
}
