import type { Metadata } from "@grpc/grpc-js";
import type { Authenticator } from "../auth/authenticator.js";
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

/** Many times the length of our tokens. */
const MAX_AUTHORIZATION_LENGTH = 512;
const BEARER = /^bearer +(\S+)$/i;

/** The token of a call, from `authorization: Bearer <token>`. */
export function bearerToken(metadata: Metadata): string {
  const [authorization] = metadata.get("authorization");
  if (typeof authorization !== "string") throw ServiceError.of("TOKEN_MISSING");
  if (authorization.length > MAX_AUTHORIZATION_LENGTH) throw ServiceError.of("TOKEN_INVALID");
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw ServiceError.of("TOKEN_MISSING", {
      description: "the metadata `authorization` is not of the form `Bearer <token>`",
    });
  }
  return token;
}
