import { hash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const FORM = /^[\w-]{43}$/;
const CHARACTERS = /^[\w-]*$/;

/** How long a token lives. */
export const TOKEN_LIFE_MS = 2 * 60 * 60 * 1000;

/** A new token: opaque, and too long to be guessed. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Whether a text could be a token at all. */
export function hasTokenForm(text: string): boolean {
  return FORM.test(text);
}

/** Whether a text is made of a token's characters, of whatever length. */
export function hasTokenCharacters(text: string): boolean {
  return CHARACTERS.test(text);
}

/**
 * What a token is kept and looked up by, in memory too. A plain hash will do, since tokens are
 * random; and how long a look-up by it takes tells nothing about the token.
 */
export function tokenHash(token: string): string {
  return hash("sha256", token, "base64url");
}
