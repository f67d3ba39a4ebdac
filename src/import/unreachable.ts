import { ServiceError } from "../requests/service-error.js";

/** The database or the service that an import goes to does not answer. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Of node, of the connection pool, of SQLite, and the SQLSTATEs of a server that goes or is gone. */
const CODE =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|EPIPE|SQLITE_CANTOPEN|SQLITE_BUSY|08\w{3}|57P0\d)$/;

/** True for an error that says that nobody is there, not that something went wrong there. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof Unreachable) return true;
  if (error instanceof ServiceError) return error.status === "UNAVAILABLE";
  if (!(error instanceof Error)) return false;
  // An attempt at several addresses fails with an error that holds one for each.
  if (error instanceof AggregateError) return error.errors.every(isUnreachable);
  if (error.name === "KnexTimeoutError") return true;
  return "code" in error && typeof error.code === "string" && CODE.test(error.code);
}
