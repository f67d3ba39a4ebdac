import { z } from "zod";
import { SQLITE_DRIVERS } from "../store/sqlite/sqlite-database.js";
import { LOG_LEVELS } from "../telemetry/log-level.js";
import {
  address,
  databaseUrl,
  milliseconds,
  optionalPassword,
  optionalText,
  setting,
  text,
  timeZone,
} from "./setting.js";

/** Every setting that comes from the environment; the documentation's table is a view of this one. */
export const SETTINGS = Object.freeze({
  grpcAddress: setting({
    variable: "PROVISIONING_GRPC_ADDRESS",
    meaning: "where gRPC calls are taken",
    default: "127.0.0.1:50051",
    schema: address,
  }),
  httpAddress: setting({
    variable: "PROVISIONING_HTTP_ADDRESS",
    meaning: "where the web API, /livez and /readyz are served",
    default: "127.0.0.1:8080",
    schema: address,
  }),
  database: setting({
    variable: "PROVISIONING_DATABASE_URL",
    meaning: "sqlite:FILE, or postgres://user:password@host:port/database",
    default: "sqlite:./data/provisioning.db",
    schema: databaseUrl,
  }),
  sqliteDriver: setting({
    variable: "PROVISIONING_SQLITE_DRIVER",
    meaning: "package that speaks to SQLite: sqlite3 or better-sqlite3",
    default: "sqlite3",
    schema: z.enum(SQLITE_DRIVERS),
  }),
  configFile: setting({
    variable: "PROVISIONING_CONFIG",
    meaning: "YAML file with providers and run definitions, read at start",
    default: undefined,
    schema: optionalText,
  }),
  auth: setting({
    variable: "PROVISIONING_AUTH",
    meaning: "token, or off: every caller is the principal local; needs both addresses on loopback",
    default: "token",
    schema: z.enum(["token", "off"]),
  }),
  adminPassword: setting({
    variable: "PROVISIONING_ADMIN_PASSWORD",
    meaning:
      "password of the first user, admin, while there are no users; without it one is generated and written once to standard error",
    default: undefined,
    secret: true,
    schema: optionalPassword,
  }),
  secretKeyFile: setting({
    variable: "PROVISIONING_SECRET_KEY_FILE",
    meaning:
      "file of 32 random bytes that encrypts secrets in the database; mandatory on PostgreSQL; on SQLite made when missing, and FILE.key beside the database when not set",
    default: undefined,
    schema: optionalText,
  }),
  leaseMs: setting({
    variable: "PROVISIONING_LEASE_MS",
    meaning:
      "how long an instance that is not heard of keeps its work; it sends until the lease less the heartbeat",
    default: "30000",
    unit: "ms",
    schema: milliseconds,
  }),
  heartbeatMs: setting({
    variable: "PROVISIONING_HEARTBEAT_MS",
    meaning: "how often an instance renews its lease; less than the lease",
    default: "10000",
    unit: "ms",
    schema: milliseconds,
  }),
  stopTimeoutMs: setting({
    variable: "PROVISIONING_STOP_TIMEOUT_MS",
    meaning:
      "how long a stop waits for calls and answers under way, and a changed provider for the answers to what it was sent",
    default: "20000",
    unit: "ms",
    schema: milliseconds,
  }),
  backoffBaseMs: setting({
    variable: "PROVISIONING_BACKOFF_BASE_MS",
    meaning: "longest wait before a request is sent a second time; doubles with each further try",
    default: "1000",
    unit: "ms",
    schema: milliseconds,
  }),
  backoffMaxMs: setting({
    variable: "PROVISIONING_BACKOFF_MAX_MS",
    meaning: "no wait between two tries is longer; not less than the base",
    default: "60000",
    unit: "ms",
    schema: milliseconds,
  }),
  httpPrefix: setting({
    variable: "PROVISIONING_HTTP_PREFIX",
    meaning: "path before every path of the web API, such as /provisioning",
    default: "",
    schema: text.regex(
      /^(\/[A-Za-z0-9._~-]+)*$/,
      "must be empty, or start with / and end without one",
    ),
  }),
  httpTimeZone: setting({
    variable: "PROVISIONING_HTTP_TIME_ZONE",
    meaning: "time zone of the web API's dates, which carry none",
    default: "UTC",
    schema: timeZone,
  }),
  logLevel: setting({
    variable: "PROVISIONING_LOG_LEVEL",
    meaning: `least level that is logged: ${LOG_LEVELS.join(", ")}`,
    default: "info",
    schema: z.enum(LOG_LEVELS),
  }),
});
