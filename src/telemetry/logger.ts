import pino, { type DestinationStream, type Logger } from "pino";
import type { LogLevel } from "./log-level.js";
import { LogOutput } from "./log-output.js";

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

/** A logger of one JSON object per line. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  if (destination !== undefined) return loggerTo(destination, level);
  const output = new LogOutput();
  const logger = loggerTo(output, level);
  output.onReadAgain = (dropped) => {
    logger.error({ dropped }, "lines of this log were dropped: nobody read them");
  };
  return logger;
}

function loggerTo(destination: DestinationStream, level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: DEPTHS.flatMap((depth) => SECRETS.map((name) => `${depth}${name}`)),
        censor: "[hidden]",
      },
    },
    destination,
  );
}
