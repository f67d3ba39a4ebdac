import { type ServerDuplexStream, status } from "@grpc/grpc-js";

/** What one reflection stream may use; anyone can open one, without a token. */
export interface StreamLimits {
  /** Requests answered before the stream ends with RESOURCE_EXHAUSTED. */
  readonly maxRequests: number;
  /** Milliseconds without a request before the stream ends with DEADLINE_EXCEEDED. */
  readonly idleMs: number;
}

/** Far more than a client asks that walks through every symbol; clients reopen an idle stream. */
export const DEFAULT_STREAM_LIMITS: StreamLimits = { maxRequests: 1000, idleMs: 60_000 };

/** Ends a stream that is still open with a status; harmless afterwards. */
export type EndStream = (code: status, details: string) => void;

/**
 * Answers the requests of one stream, in order, until the client ends it or a limit does. The next
 * request is taken up when the answer before has left, so a client that does not read costs one
 * answer of memory.
 */
export function serveStream<Request, Response>(
  call: ServerDuplexStream<Request, Response>,
  answer: (request: Request) => Response,
  limits: StreamLimits,
): EndStream {
  let ended = false;
  const end: EndStream = (code, details) => {
    if (ended) return;
    ended = true;
    call.emit("error", { code, details });
  };
  const idle = setTimeout(
    () => end(status.DEADLINE_EXCEEDED, `no request for ${limits.idleMs} ms`),
    limits.idleMs,
  );
  let answered = 0;
  call.on("data", (request: Request) => {
    if (ended) return;
    if (answered === limits.maxRequests) {
      end(status.RESOURCE_EXHAUSTED, `more than ${limits.maxRequests} requests on one stream`);
      return;
    }
    answered += 1;
    idle.refresh();
    call.pause();
    call.write(answer(request), () => call.resume());
  });
  call.on("end", () => {
    ended = true;
    call.end();
  });
  call.on("close", () => {
    ended = true;
    clearTimeout(idle);
  });
  return end;
}
