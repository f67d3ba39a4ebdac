import { createHmac } from "node:crypto";
import type { CreateRequest } from "../requests/create-request.js";

/**
 * Tells two bodies under one request_id apart. Keyed, since the plain hash of a body with a PIN of
 * four digits falls to ten thousand guesses; who creates, and the request_id itself, are what the
 * body is looked up by and are not part of it.
 */
export function bodyHasher(
  key: Buffer,
): (create: CreateRequest, pin: string | undefined) => string {
  return ({ requestId: _, createdBy: __, ...body }, pin) =>
    createHmac("sha256", key)
      .update(JSON.stringify([body, pin ?? null]))
      .digest("base64url");
}
