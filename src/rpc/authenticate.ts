import type { Metadata } from "@grpc/grpc-js";
import type { Authenticator } from "../auth/authenticator.js";
import { bearerToken as tokenIn } from "../auth/bearer-token.js";
import { LOCAL, type Principal } from "../auth/principal.js";
import { ServiceError } from "../requests/service-error.js";

/** Tells who makes a call, from its metadata; fails with TOKEN_MISSING or TOKEN_INVALID. */
export type Authenticate = (metadata: Metadata) => Principal | Promise<Principal>;

/** Callers prove themselves with a token. */
export function byToken(authenticator: Authenticator): Authenticate {
  return (metadata) => authenticator.authenticate(bearerToken(metadata));
}

/** Nobody has to prove anything. */
export const withoutToken: Authenticate = () => LOCAL;

/** Methods that can be called without a token, besides health and reflection. */
export const PUBLIC_METHODS: ReadonlySet<string> = new Set(["/provisioning.v1.AuthService/Login"]);

/** The token of a call, from `authorization: Bearer <token>`. */
export function bearerToken(metadata: Metadata): string {
  const [authorization] = metadata.get("authorization");
  if (typeof authorization !== "string") throw ServiceError.of("TOKEN_MISSING");
  return tokenIn(authorization, "the metadata `authorization`");
}
