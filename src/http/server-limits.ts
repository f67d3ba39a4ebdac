/** What the HTTP server bounds; times in milliseconds. */
export interface HttpLimits {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly connections: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly socketTimeoutMs: number;
}

/** gRPC's limits are in `rpc/server-limits.ts`. */
export const HTTP_LIMITS: HttpLimits = {
  /** A create has some 300 bytes; 100 times as much is room for the largest call there is. */
  bodyBytes: 64 * 1024,
  /** Request line and headers. Node's own default. */
  headerBytes: 16 * 1024,
  /** Connections beyond are closed at once. Clients of HTTP/1.1 have one for each call under way. */
  connections: 2048,
  /** For request line and headers to arrive, and for the whole request. */
  headersTimeoutMs: 5000,
  requestTimeoutMs: 10_000,
  /** How long an idle connection is kept; below the 60 s after which balancers reuse none. */
  keepAliveTimeoutMs: 30_000,
  /** A connection on which nothing moves; longer than any call takes to be answered. */
  socketTimeoutMs: 60_000,
};

/** For a large answer to be taken by a slow client: it is held in memory until then. */
export const TAKE_ANSWER_MS = 30_000;

/**
 * When a call without a deadline of its own, as all are over HTTP, is answered at the latest. A
 * call with `process_immediately` waits for its CA system until a tenth before.
 */
export const CALL_DEADLINE_MS = 10_000;
