import { ServiceError } from "../requests/service-error.js";
import { isDatabaseDown } from "../store/database-error.js";

/**
 * Anything thrown as a ServiceError. What the service did not throw on purpose is a database that
 * is down, or INTERNAL, with a fixed text: the thing itself is the `cause`, for the log only.
 * `aborted` is the reason that the
 * call's signal was aborted with, if it was: what stopped because of it stopped for that reason.
 */
export function toServiceError(thrown: unknown, aborted?: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (aborted instanceof ServiceError && thrown instanceof Error && thrown.name === "AbortError") {
    return aborted;
  }
  if (isDatabaseDown(thrown)) {
    return ServiceError.of("DATABASE_UNAVAILABLE", {}, { cause: thrown, retryAfterMs: 1000 });
  }
  return ServiceError.of("INTERNAL", {}, { cause: thrown });
}
