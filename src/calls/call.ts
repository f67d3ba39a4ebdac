import type { CreateCall } from "../accept/create-and-wait.js";
import type { Principal } from "../auth/principal.js";
import type { Clock } from "../requests/clock.js";
import type { ServiceError } from "../requests/service-error.js";

/** What the work for a call knows of it, by whichever edge it came in. */
export interface Call extends CreateCall {
  readonly principal: Principal;
  /** When the caller stops waiting, in milliseconds since 1970; undefined when it never does. */
  readonly deadline: number | undefined;
  readonly clock: Clock;
  /**
   * Why an answer is no longer waited for: the caller cancelled, its deadline passed, or the server
   * stops. Undefined as long as it is.
   */
  readonly gone: ServiceError | undefined;
  /**
   * Aborted when an answer is no longer waited for. The reason is the ServiceError to end with.
   * Made when first asked for, which costs some microseconds: `gone` is for who only looks.
   */
  readonly signal: AbortSignal;
}
