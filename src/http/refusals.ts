import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { toServiceError } from "../calls/to-service-error.js";
import type { Clock } from "../requests/clock.js";
import { ServiceError } from "../requests/service-error.js";
import { type Answer, failure, refusal } from "./envelope.js";
import { sendAnswer } from "./send-answer.js";

/** The media types of bodies. */
const MEDIA_TYPES = ["application/json", "application/x-www-form-urlencoded"];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** Has everything that does not become a call answered in the envelope. */
export function answerRefusals(server: FastifyInstance, clock: Clock, logger: Logger): void {
  // Bodies stay bytes: they are read once it is known who calls, with their faults told.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(MEDIA_TYPES, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  // Before a body is read that nobody will look at.
  server.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) {
      done();
      return;
    }
    const path = (request.raw.url ?? "").replace(/\/?(\?.*)?$/, "");
    const allowed = METHODS.filter((method) => server.hasRoute({ method, url: path }));
    sendAnswer(reply, allowed.length === 0 ? unknownPath() : notAllowed(allowed), clock);
  });
  server.setErrorHandler<Error & { code?: string }>((error, _request, reply) => {
    const answer = answerTo(error);
    // Nothing is expected here; the caller that hung up within its body gets no answer anyway.
    if (answer.http === 500 && error.code !== "ECONNRESET") {
      logger.error({ err: error }, "a request failed before it was a call");
    }
    sendAnswer(reply, answer, clock);
  });
}

function answerTo(error: Error & { code?: string }): Answer {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return refusal("BODY_TOO_LARGE", { connection: "close" });
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_INVALID_TYPE":
    case "FST_ERR_CTP_EMPTY_TYPE":
      return refusal("MEDIA_TYPE_NOT_SUPPORTED");
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return refusal("BAD_REQUEST", { connection: "close" });
    default:
      return failure(toServiceError(error));
  }
}

/** The answer to a path at which there is nothing. */
export function unknownPath(): Answer {
  return failure(ServiceError.of("METHOD_NOT_FOUND", { description: "no such path" }));
}

function notAllowed(methods: readonly string[]): Answer {
  const allow = methods.join(", ");
  return refusal("METHOD_NOT_ALLOWED", { allow }, `the path takes ${allow}`);
}
