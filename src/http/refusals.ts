import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { toServiceError } from "../calls/to-service-error.js";
import { ServiceError } from "../requests/service-error.js";
import { pathOf, type Refuser } from "./refuser.js";

/** The media types of bodies. */
const MEDIA_TYPES = ["application/json", "application/x-www-form-urlencoded"];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

/** The connection of what cannot be read to its end is of no use any more. */
const CLOSE = { connection: "close" };

/** Has everything that does not become a call answered in the envelope. */
export function answerRefusals(server: FastifyInstance, refuser: Refuser): void {
  // Bodies stay bytes: they are read once it is known who calls, with their faults told.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(MEDIA_TYPES, { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  // Before a body is read that nobody will look at.
  server.addHook("onRequest", (request, reply, done) => {
    if (lacksHost(request)) refuser.refuse(request, reply, "BAD_REQUEST", CLOSE, "Host is missing");
    else if (request.is404) refuseRoute(server, refuser, request, reply);
    else done();
  });
  server.setErrorHandler<Error & { code?: string }>((error, request, reply) => {
    switch (error.code) {
      case "FST_ERR_CTP_BODY_TOO_LARGE":
        return refuser.refuse(request, reply, "BODY_TOO_LARGE", CLOSE);
      case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      case "FST_ERR_CTP_INVALID_TYPE":
      case "FST_ERR_CTP_EMPTY_TYPE":
        return refuser.refuse(request, reply, "MEDIA_TYPE_NOT_SUPPORTED");
      case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
        return refuser.refuse(request, reply, "BAD_REQUEST", CLOSE);
      case "ECONNRESET":
        // The caller hung up within its body: the answer is for the log.
        return refuser.fail(request, reply, ServiceError.of("CALL_CANCELLED"));
      default:
        // Nothing is expected here.
        return refuser.fail(request, reply, toServiceError(error));
    }
  });
}

/** What a path is answered at which there is nothing. */
export function unknownPath(): ServiceError {
  return ServiceError.of("METHOD_NOT_FOUND", { description: "no such path" });
}

/** HTTP/1.1 asks for the header; Node would refuse such a request by itself, without a body. */
function lacksHost({ raw }: FastifyRequest): boolean {
  return raw.httpVersion === "1.1" && raw.headers.host === undefined;
}

function refuseRoute(
  server: FastifyInstance,
  refuser: Refuser,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const url = pathOf(request);
  const allow = METHODS.filter((method) => server.hasRoute({ method, url })).join(", ");
  if (allow === "") refuser.fail(request, reply, unknownPath());
  else {
    refuser.refuse(request, reply, "METHOD_NOT_ALLOWED", { allow }, `the path takes ${allow}`);
  }
}
