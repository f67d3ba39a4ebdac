import { type ClientHttp2Session, connect, constants } from "node:http2";
import { answerParent } from "./answer-parent.js";
import { batchMethod, bodyMaker, type Calls, pathOf } from "./create-messages.js";
import { monotonicMs } from "./monotonic.js";

/** What to send, and how. */
export interface Load {
  /** `host:port`. */
  readonly address: string;
  readonly token: string;
  readonly calls: Calls;
  /** Calls in all. */
  readonly count: number;
  /** The number of the first create; its card follows from it. */
  readonly first: number;
  /** Cards to send for, the last one not among them. */
  readonly cards: { readonly from: number; readonly to: number };
  readonly connections: number;
  readonly streams: number;
  /** Pause before each call of a stream, up to so many milliseconds; 0: none, but calls are timed. */
  readonly pauseMs?: number;
}

/** One call that was answered; times by the clock that all processes share. */
export interface Timing {
  readonly create: number;
  readonly sent: number;
  readonly answered: number;
}

export interface Loaded {
  readonly ms: number;
  readonly answered: number;
  readonly cpuSeconds: number;
  /** Of the last response, without frame header. */
  readonly responseBytes: number;
  /** Only of loads with a pause: those are for latencies. */
  readonly timings: readonly Timing[];
}

/**
 * Generates calls on Node's own HTTP/2, since a grpc-js client needs as much of the machine as the
 * server that is measured.
 */
class Generator {
  readonly #load: Load;
  readonly #body: (create: number) => Buffer;
  readonly #timings: Timing[] = [];
  #started = 0;
  #answered = 0;
  #responseBytes = 0;

  constructor(load: Load) {
    this.#load = load;
    this.#body = bodyMaker(load.calls, load.cards);
  }

  async run(): Promise<Loaded> {
    const { address, connections, streams } = this.#load;
    const sessions = Array.from({ length: connections }, () => connect(`http://${address}`));
    const cpu = process.cpuUsage();
    const started = performance.now();
    try {
      await Promise.all(
        sessions.flatMap((session) => Array.from({ length: streams }, () => this.#stream(session))),
      );
    } finally {
      for (const session of sessions) session.close();
    }
    const { user, system } = process.cpuUsage(cpu);
    return {
      ms: performance.now() - started,
      answered: this.#answered,
      cpuSeconds: (user + system) / 1e6,
      responseBytes: this.#responseBytes,
      timings: this.#timings,
    };
  }

  async #stream(session: ClientHttp2Session): Promise<void> {
    const { count, first, calls, pauseMs } = this.#load;
    while (this.#started < count) {
      const create = first + this.#started * calls.creates;
      this.#started += 1;
      if (pauseMs !== undefined && pauseMs > 0) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs));
      }
      const body = this.#body(create);
      const sent = pauseMs === undefined ? 0 : monotonicMs();
      await this.#call(session, body);
      if (pauseMs !== undefined) this.#timings.push({ create, sent, answered: monotonicMs() });
      this.#answered += 1;
    }
  }

  #call(session: ClientHttp2Session, body: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: pathOf(this.#load.calls),
        [constants.HTTP2_HEADER_TE]: "trailers",
        [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
        authorization: `Bearer ${this.#load.token}`,
      });
      let bytes = 0;
      let status: unknown;
      let message: unknown;
      const look = (headers: object) => {
        if (!("grpc-status" in headers)) return;
        status = headers["grpc-status"];
        message = "grpc-message" in headers ? headers["grpc-message"] : "";
      };
      // An error before any message comes in the headers, all else in the trailers.
      stream.on("response", look);
      stream.on("trailers", look);
      stream.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      stream.on("end", () => {
        this.#responseBytes = bytes - 5;
        if (status === "0") resolve();
        else reject(new Error(`a call was answered ${String(status)}: ${String(message)}`));
      });
      stream.on("error", reject);
      stream.end(body);
    });
  }
}

const api = {
  run: (load: Load): Promise<Loaded> => new Generator(load).run(),
  /** Whether the API has the batch call. */
  hasBatch: async (): Promise<boolean> => batchMethod() !== undefined,
  path: async (calls: Calls): Promise<string> => pathOf(calls),
};

export type LoadApi = typeof api;

answerParent(api);
