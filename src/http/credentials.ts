import type { IncomingHttpHeaders } from "node:http";
import type { Authenticator } from "../auth/authenticator.js";
import { bearerToken } from "../auth/bearer-token.js";
import { LOCAL, type Principal } from "../auth/principal.js";
import { isLoopback, parseAddress } from "../config/address.js";
import { ServiceError } from "../requests/service-error.js";

/** Tells who makes a call. */
export type Authenticate = (
  token: string | undefined,
  headers: IncomingHttpHeaders,
) => Principal | Promise<Principal>;

/** Callers prove themselves with a token. */
export function byToken(authenticator: Authenticator): Authenticate {
  return (token) => {
    if (token === undefined) throw ServiceError.of("TOKEN_MISSING");
    return authenticator.authenticate(token);
  };
}

/**
 * Nobody has to prove anything. Then any page that a browser on this machine shows could call, with
 * a form or under a name that was made to mean this machine: neither is let in.
 */
export const withoutToken: Authenticate = (_token, headers) => {
  const { host, origin, "sec-fetch-site": site = "none" } = headers;
  const named = parseAddress(host ?? "") ?? parseAddress(`${host ?? ""}:80`);
  // A page's picture or link makes a GET without an origin; browsers then tell where it comes from.
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) ||
    (site !== "none" && site !== "same-origin");
  if (named === undefined || !isLoopback(named) || foreign) {
    throw ServiceError.of("ORIGIN_NOT_ALLOWED");
  }
  return LOCAL;
};

/** The one token of a call, wherever it stands: in the header, the query or the body. */
export function findToken(
  { authorization }: IncomingHttpHeaders,
  ...parameters: readonly unknown[]
): string | undefined {
  const given = parameters.filter((one) => one !== undefined && one !== "");
  if (authorization !== undefined) given.push(bearerToken(authorization, "the header"));
  const [token, ...others] = given;
  if (token === undefined) return undefined;
  if (typeof token !== "string" || others.some((other) => other !== token)) {
    throw ServiceError.of("INVALID_REQUEST", {
      field: "token",
      description:
        typeof token === "string" ? "is given twice, and not the same" : "must be a text",
    });
  }
  return token;
}
