import { z } from "zod";
import { newPasswordFault } from "../auth/password-fault.js";
import { parseAddress } from "./address.js";
import { parseDatabaseUrl } from "./database-target.js";
import { isTimeZone } from "./time-zone.js";

/** One setting: an environment variable, what it means, and how its text is read. */
export interface Setting<T> {
  readonly variable: `PROVISIONING_${string}`;
  /** For the documentation; begins with a small letter, ends without a full stop. */
  readonly meaning: string;
  /** The text that stands for an unset or empty variable; undefined: there is none. */
  readonly default: string | undefined;
  /** Of the number; absent for other settings. */
  readonly unit?: "ms";
  /** Its value is never shown. */
  readonly secret?: true;
  readonly schema: z.ZodType<T, string | undefined>;
}

/** Declares a setting, keeping the type of its value. */
export function setting<T>(entry: Setting<T>): Setting<T> {
  return Object.freeze(entry);
}

export const text = z.string();
export const optionalText = z.string().optional();

/** Checked as `create-user` checks one: else the first user would have what nobody can type in. */
export const optionalPassword = optionalText.superRefine((value, context) => {
  const fault = value === undefined ? undefined : newPasswordFault(value);
  if (fault !== undefined) context.addIssue(fault);
});

export const address = z.string().transform((value, context) => {
  const parsed = parseAddress(value);
  if (parsed !== undefined) return parsed;
  context.addIssue("must be host:port or [ipv6]:port, with a port from 0 to 65535");
  return z.NEVER;
});

export const databaseUrl = z.string().transform((value, context) => {
  const parsed = parseDatabaseUrl(value);
  if ("target" in parsed) return parsed.target;
  context.addIssue(parsed.fault);
  return z.NEVER;
});

export const timeZone = z
  .string()
  .refine(isTimeZone, "must be a time zone of the IANA database, such as Europe/Nicosia");

/** A whole number of milliseconds; a day is the longest that makes sense for any of them. */
export const milliseconds = z
  .string()
  .refine(
    (value) => /^[0-9]{1,8}$/.test(value) && Number(value) >= 1 && Number(value) <= 86_400_000,
    "must be a whole number of milliseconds from 1 to 86400000",
  )
  .transform(Number);
