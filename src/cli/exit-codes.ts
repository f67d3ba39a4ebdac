import { CannotListen } from "../config/cannot-listen.js";
import { ConfigError } from "../config/config-fault.js";
import type { StatusName } from "../requests/reasons.js";
import { ServiceError } from "../requests/service-error.js";
import { SecretKeyError } from "../secrets/secret-key-error.js";
import { DatabaseUnreachable } from "../store/database-unreachable.js";
import { NewerDatabase } from "../store/newer-database.js";

/** What a command's exit code tells the shell. */
export const EXIT_CODES = Object.freeze({
  done: 0,
  failed: 1,
  /** Wrong usage or settings: nothing was done. */
  usage: 2,
  /** Finished, but some lines were refused. */
  someRefused: 3,
  /** The service or the database cannot be reached. */
  unreachable: 4,
});
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Ends a command with a message for people and an exit code. */
export class ExitError extends Error {
  override readonly name = "ExitError";

  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

const EXIT_CODE_OF_STATUS: Partial<Record<StatusName, ExitCode>> = {
  INVALID_ARGUMENT: EXIT_CODES.usage,
  UNAVAILABLE: EXIT_CODES.unreachable,
};

/** What the operator has to set right before anything can be done. */
const WRONG_SETTINGS = [CannotListen, ConfigError, NewerDatabase, SecretKeyError];

/** The exit code that an error stands for; undefined for one that nobody expected. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  if (error instanceof ExitError) return error.exitCode;
  if (WRONG_SETTINGS.some((kind) => error instanceof kind)) return EXIT_CODES.usage;
  if (error instanceof DatabaseUnreachable) return EXIT_CODES.unreachable;
  if (error instanceof ServiceError) return EXIT_CODE_OF_STATUS[error.status];
  return undefined;
}
