import pino, { type DestinationStream, type Logger } from "pino";
import type { LogLevel } from "./log-level.js";

/** Fields whose values are never written, wherever an object logs them down to this depth. */
const SECRETS = [
  "password",
  "token",
  "authorization",
  "pin",
  "newPin",
  "new_pin",
  "secret",
  "secretKey",
];
const DEPTHS = ["", "*.", "*.*."];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where lines go; default: standard error. */
  readonly destination?: DestinationStream;
}

/**
 * A logger of one JSON object per line. Writing is synchronous: the last lines before a crash are
 * the ones that are needed, and a service in order logs little.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: DEPTHS.flatMap((depth) => SECRETS.map((name) => `${depth}${name}`)),
        censor: "[hidden]",
      },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
