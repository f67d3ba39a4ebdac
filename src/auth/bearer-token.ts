import { ServiceError } from "../requests/service-error.js";

/** Many times the length of our tokens. */
const MAX_AUTHORIZATION_LENGTH = 512;
const BEARER = /^bearer +(\S+)$/i;

/** The token in `Bearer <token>`; `where` it was found is for the error's text. */
export function bearerToken(authorization: string, where: string): string {
  if (authorization.length > MAX_AUTHORIZATION_LENGTH) throw ServiceError.of("TOKEN_INVALID");
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw ServiceError.of("TOKEN_MISSING", {
      description: `${where} is not of the form \`Bearer <token>\``,
    });
  }
  return token;
}
