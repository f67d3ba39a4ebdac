import { createHash } from "node:crypto";
import type { Violations } from "../../calls/fields/violations.js";
import { identifierFault } from "../../inventory/identifier.js";

/** The place after which a page begins: the number, the id or the two ids of the result before. */
export type Cursor = number | string | readonly [string, string];

/** Many times the longest token. */
const MAX_TOKEN_LENGTH = 1024;

/**
 * The token that asks for the page after `cursor`. It is bound to the filter, since a place in one
 * list means nothing in another, but not signed: whoever may list may begin anywhere.
 */
export function pageToken(filter: object, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([fingerprint(filter), cursor])).toString("base64url");
}

/** The cursor of a token for this filter that `isCursor` accepts; undefined for the first page. */
export function pageCursor<C extends Cursor>(
  violations: Violations,
  token: string,
  filter: object,
  isCursor: (value: unknown) => value is C,
): C | undefined {
  if (token === "") return undefined;
  const parts = split(token);
  if (parts === undefined || !isCursor(parts.cursor)) {
    violations.add("page_token", "is not a token that this list has given");
    return undefined;
  }
  if (parts.fingerprint !== fingerprint(filter)) {
    violations.add("page_token", "belongs to a list with other conditions");
    return undefined;
  }
  return parts.cursor;
}

/** Accepts cursors that are numbers of requests. */
export function isNumberCursor(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Accepts cursors that are identifiers. */
export function isIdentifierCursor(value: unknown): value is string {
  return typeof value === "string" && identifierFault(value) === undefined;
}

/** Accepts cursors that are two identifiers. */
export function isPairCursor(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isIdentifierCursor);
}

function split(token: string): { fingerprint: unknown; cursor: unknown } | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (!Array.isArray(parsed) || parsed.length !== 2) return undefined;
    return { fingerprint: parsed[0], cursor: parsed[1] };
  } catch {
    return undefined;
  }
}

function fingerprint(filter: object): string {
  return createHash("sha256").update(JSON.stringify(filter)).digest("base64url").slice(0, 16);
}
