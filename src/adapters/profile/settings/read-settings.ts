import { z } from "zod";
import type { ConnectionFault } from "../../ca-adapter.js";
import type { AnyProfile } from "../format/profile-section.js";
import type { CorrelationSection } from "../format/session-section.js";
import { readTlsFiles, type TlsSettings } from "../transport/tls-files.js";
import type { ConnectionSettings } from "./connection-settings.js";
import { host, settingRule, textThat, wholeNumber } from "./setting-rules.js";

/** Settings, or all that is wrong with them. */
export type ReadSettings =
  | { readonly settings: ConnectionSettings }
  | { readonly faults: readonly ConnectionFault[] };

type Profile = Pick<AnyProfile, "transport" | "settings" | "defaults"> & {
  readonly correlation?: Pick<CorrelationSection, "number" | "from" | "to">;
  readonly session: {
    readonly keep_alive?: { readonly after_ms: number; readonly max_after_ms: number } | undefined;
  };
};

const MAX_WINDOW = 10_000;
const TLS_KEYS = ["ca", "cert", "key", "servername"];
const BASE_PATH = "base_path";

/** Keys of `connection` that a profile cannot have for itself. */
export const STANDARD_KEYS: readonly string[] = [
  "host",
  "port",
  BASE_PATH,
  ...TLS_KEYS,
  "connections",
  "window",
  "response_timeout_ms",
  "connect_timeout_ms",
  "keep_alive_ms",
];

/** Makes what checks a provider's `connection`. */
export function settingsReader(profile: Profile): (connection: unknown) => ReadSettings {
  const secure = profile.transport === "tls" || profile.transport === "https";
  const overHttp = profile.transport === "http" || profile.transport === "https";
  const { keep_alive: keepAlive } = profile.session;
  const standard = standardKeys(profile);
  const own = z.object(
    Object.fromEntries(
      Object.entries(profile.settings).map(([name, setting]) => [name, settingRule(setting)]),
    ),
  );
  const known = [...Object.keys(standard.shape), ...Object.keys(own.shape)].filter((key) => {
    if (TLS_KEYS.includes(key)) return secure;
    if (key === BASE_PATH) return overHttp;
    return key !== "keep_alive_ms" || keepAlive !== undefined;
  });

  return (connection) => {
    if (typeof connection !== "object" || connection === null || Array.isArray(connection)) {
      return { faults: [{ field: "", description: "must be an object" }] };
    }
    const faults: ConnectionFault[] = Object.keys(connection)
      .filter((key) => !known.includes(key))
      .map((key) => ({ field: key, description: `is not one of ${known.join(", ")}` }));
    const general = standard.safeParse(connection);
    const special = own.safeParse(connection);
    for (const { path, message } of [
      ...(general.error?.issues ?? []),
      ...(special.error?.issues ?? []),
    ]) {
      faults.push({ field: path.join("."), description: message });
    }
    const { data } = general;
    const tls = secure && data !== undefined ? tlsOf(data) : undefined;
    if (tls !== undefined) faults.push(...tlsFaults(tls));
    if (data === undefined || special.data === undefined || faults.length > 0) return { faults };
    return {
      settings: {
        host: data.host,
        port: data.port,
        basePath: data.base_path,
        tls,
        connections: data.connections,
        window: data.window,
        responseTimeoutMs: data.response_timeout_ms,
        connectTimeoutMs: data.connect_timeout_ms,
        keepAliveMs: data.keep_alive_ms,
        own: special.data as ConnectionSettings["own"],
      },
    };
  };
}

/** The keys that every profile has, those that only some need among them. */
function standardKeys({ defaults, session, correlation }: Profile) {
  // A counter must have a number for each command under way, and one for the session.
  const numbers =
    correlation?.number === "counter" ? correlation.to - correlation.from : MAX_WINDOW;
  const mostUnderWay = Math.min(MAX_WINDOW, numbers);
  const { after_ms: after, max_after_ms: most } = session.keep_alive ?? {
    after_ms: 30_000,
    max_after_ms: 600_000,
  };
  const file = textThat("must be the path of a file", (text) => text !== "").optional();
  return z.object({
    host,
    port: wholeNumber(1, 65_535),
    base_path: textThat(
      "must begin with / and not end with it, and be visible ASCII without ? and #",
      (text) => /^(?:\/[!"$->@-~]*[!"$-.0->@-~])?$/.test(text),
    ).default(""),
    ca: file,
    cert: file,
    key: file,
    servername: host.optional(),
    connections: wholeNumber(1, 64).default(defaults.connections),
    window: wholeNumber(1, mostUnderWay).default(Math.min(defaults.window, mostUnderWay)),
    response_timeout_ms: wholeNumber(10, 600_000).default(defaults.response_timeout_ms),
    connect_timeout_ms: wholeNumber(10, 600_000).default(defaults.connect_timeout_ms),
    keep_alive_ms: wholeNumber(10, most).default(after),
  });
}

function tlsOf({ ca, cert, key, servername }: { [key in keyof TlsSettings]?: string | undefined }) {
  const tls: TlsSettings = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
  };
  return tls;
}

/** Files that cannot be read are told at once, though they are read anew for each connection. */
function tlsFaults(tls: TlsSettings): readonly ConnectionFault[] {
  const faults: ConnectionFault[] = [];
  for (const field of ["ca", "cert", "key"] as const) {
    const path = tls[field];
    if (path === undefined) continue;
    try {
      readTlsFiles({ [field]: path });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "an error";
      faults.push({ field, description: `cannot be read: ${code}` });
    }
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    const field = tls.cert === undefined ? "cert" : "key";
    faults.push({ field, description: "is mandatory: cert and key belong together" });
  }
  return faults;
}
