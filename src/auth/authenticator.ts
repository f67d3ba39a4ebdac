import type { Principal } from "./principal.js";

/** Tells whose a token is. */
export interface Authenticator {
  /**
   * The owner of a token; at once, without a promise, when it is known. Fails with a ServiceError
   * TOKEN_INVALID when the token is unknown, released or past its expiry.
   */
  authenticate(token: string): Principal | Promise<Principal>;
}
