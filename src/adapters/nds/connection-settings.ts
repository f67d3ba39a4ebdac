import { z } from "zod";
import type { ConnectionFault } from "../ca-adapter.js";

/** A provider's settings for one CA system, checked. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly sourceId: number;
  readonly password: string;
  /** Sessions that the CA system grants the provider as a whole. */
  readonly connections: number;
  /** Commands sent and not answered, per session. */
  readonly window: number;
  readonly responseTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** A SESSION_TEST goes out when nothing was received for that long. */
  readonly keepAliveMs: number;
}

// Descriptions are written here, every one: a library's own might quote a value, the password too.
function described(rule: string) {
  return (issue: { readonly input?: unknown }) =>
    issue.input === undefined ? `is mandatory and ${rule}` : rule;
}

function wholeNumber(min: number, max: number) {
  const error = described(`must be a whole number from ${min} to ${max}`);
  return z
    .number({ error })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error });
}

const HOST = "must be a host name or address of 1 to 255 characters without spaces";
const PASSWORD = "must be 1 to 64 bytes of UTF-8 without NUL or byte order mark";

const schema = z.strictObject({
  host: z.string({ error: described(HOST) }).regex(/^\S{1,255}$/u, { error: HOST }),
  port: wholeNumber(1, 65_535),
  source_id: wholeNumber(0, 4_294_967_295),
  password: z.string({ error: described(PASSWORD) }).refine(isPassword, { error: PASSWORD }),
  connections: wholeNumber(1, 64).default(1),
  window: wholeNumber(1, 10_000).default(10),
  response_timeout_ms: wholeNumber(10, 600_000).default(10_000),
  connect_timeout_ms: wholeNumber(10, 600_000).default(5_000),
  // The CA system closes after 90 s without a frame from us.
  keep_alive_ms: wholeNumber(10, 60_000).default(30_000),
});

function isPassword(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes >= 1 && bytes <= 64 && !/\0|\u{FEFF}/u.test(text);
}

/** Checks a provider's `connection`: the settings, or all that is wrong with them. */
export function readConnectionSettings(
  connection: unknown,
): { readonly settings: ConnectionSettings } | { readonly faults: readonly ConnectionFault[] } {
  const { success, data, error } = schema.safeParse(connection);
  if (!success) return { faults: error.issues.flatMap(faultsOf) };
  return {
    settings: {
      host: data.host,
      port: data.port,
      sourceId: data.source_id,
      password: data.password,
      connections: data.connections,
      window: data.window,
      responseTimeoutMs: data.response_timeout_ms,
      connectTimeoutMs: data.connect_timeout_ms,
      keepAliveMs: data.keep_alive_ms,
    },
  };
}

function faultsOf(issue: z.core.$ZodIssue): readonly ConnectionFault[] {
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(schema.shape).join(", ");
    return issue.keys.map((key) => ({ field: key, description: `is not one of ${known}` }));
  }
  const field = issue.path.join(".");
  return [{ field, description: field === "" ? "must be an object" : issue.message }];
}
