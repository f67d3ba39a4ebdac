import type { FastifyReply } from "fastify";
import type { Clock } from "../requests/clock.js";
import { type Answer, JSON_TYPE } from "./envelope.js";
import { TAKE_ANSWER_MS } from "./server-limits.js";

/** Answers larger than what the kernel takes off our hands at once may wait for a slow client. */
const LARGE = 64 * 1024;

/** Sends an answer; a connection whose client does not take it in time is cut off. */
export function sendAnswer(
  reply: FastifyReply,
  { http, body, headers }: Answer,
  clock: Clock,
): void {
  reply.code(http).header("content-type", JSON_TYPE);
  // Answers hold tokens and customers' cards: they are for the caller and for no cache.
  reply.header("cache-control", "no-store");
  if (headers !== undefined) reply.headers(headers);
  if (body.length > LARGE) cutOffWhenSlow(reply, clock);
  reply.send(body);
}

function cutOffWhenSlow(reply: FastifyReply, clock: Clock): void {
  const { raw } = reply;
  const cancelTimer = clock.setTimer(TAKE_ANSWER_MS, () => raw.destroy());
  raw.once("close", cancelTimer);
}
