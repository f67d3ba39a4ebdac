import type { Logger } from "pino";
import { EXIT_CODES } from "./exit-codes.js";

/** How long a process that is to stop at once has for letting others know. */
const MOMENT_MS = 1000;
/** How much longer than its setting says a stop may take. */
const OVERTIME_MS = 5000;

/**
 * How the process of a service ends, by SIGTERM and SIGINT:
 *
 *   starting ──signal──▶ gone
 *   starting ──nobody is waited for any more──▶ begun
 *   begun ──signal──▶ stopping
 *   stopping ──stopped──▶ gone
 *   stopping ──overtime, or a moment after a second signal──▶ gone, whatever did not end
 *   any ──command over──▶ gone, in overtime by force
 *
 * By force nothing durable is lost: it is what a crash does.
 */
export class ProcessEnd {
  /** Resolves when a service that has begun is to stop. */
  readonly wanted: Promise<void>;
  readonly #stopTimeoutMs: number;
  readonly #logger: Logger;
  readonly #now = new AbortController();
  #stop: () => void = () => undefined;
  #begun = false;
  #stopping = false;
  #waitsFor = "the start";
  #force: NodeJS.Timeout | undefined;

  constructor(stopTimeoutMs: number, logger: Logger) {
    this.#stopTimeoutMs = stopTimeoutMs;
    this.#logger = logger;
    this.wanted = new Promise((resolve) => {
      this.#stop = resolve;
    });
    process.on("SIGTERM", this.#onSignal).on("SIGINT", this.#onSignal);
  }

  /** Aborted when the stop is to wait for nothing. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** From now on the service is to be stopped. */
  begun(): void {
    this.#begun = true;
  }

  /** What the stop waits for from now on. */
  waitsFor(what: string): void {
    this.#waitsFor = what;
  }

  /** The command is done; what it has left open does not keep the process. */
  over(): void {
    process.off("SIGTERM", this.#onSignal).off("SIGINT", this.#onSignal);
    this.#waitsFor = "what was left open";
    // Connections whose clients do not let go are among it: for those there is no time then.
    if (this.now.aborted) this.#exitIn(0);
    else this.#exitIn(OVERTIME_MS);
    this.#force?.unref();
  }

  readonly #onSignal = () => {
    if (!this.#begun) {
      this.#logger.info("stopped before it had begun");
      process.exit(EXIT_CODES.done);
    }
    if (!this.#stopping) {
      this.#stopping = true;
      this.#logger.info("stopping");
      this.#stop();
      this.#exitIn(this.#stopTimeoutMs + OVERTIME_MS);
    } else if (!this.now.aborted) {
      this.#now.abort();
      this.#exitIn(MOMENT_MS);
    }
  };

  #exitIn(ms: number): void {
    clearTimeout(this.#force);
    this.#force = setTimeout(() => {
      this.#logger.warn({ waits_for: this.#waitsFor }, "not all ended in time; the process ends");
      process.exit();
    }, ms);
  }
}
