import { writeSync } from "node:fs";
import type { DestinationStream } from "pino";

const STANDARD_ERROR = 2;
/** What waits for its reader at most, in bytes: some thousands of lines. */
const MAX_WAITING = 1_000_000;
/** How long a reader that does not take a line at once is waited for: he may only be slow. */
const PATIENCE_MS = 100;
/** The same when the process ends, and with it what waits. */
const LAST_PATIENCE_MS = 1000;
const LOOK_AGAIN_MS = 5;
const RETRY_MS = 100;

/**
 * Lines of the log on their way to standard error, which somebody reads or does not:
 *
 *   read ──a line not taken within 100 ms──▶ unread
 *   unread ──all taken that waits, tried every 100 ms──▶ read, and told how many lines were dropped
 *
 * While it is read, writing is synchronous: the last lines before a crash are the ones that are
 * needed, and a service in order logs little. Unread, it holds nothing up: lines wait while there
 * is room, and are dropped beyond. They are dropped, too, when the reader is gone for good, or the
 * disk is full.
 *
 * Not sonic-boom, pino's own: its synchronous writes wait for a reader for as long as it takes, and
 * others lose what waits when the process is killed.
 */
export class LogOutput implements DestinationStream {
  readonly #waiting: Buffer[] = [];
  #bytes = 0;
  #dropped = 0;
  #retry: NodeJS.Timeout | undefined;
  /** Called with the number of lines that were dropped when lines are read again. */
  onReadAgain: (dropped: number) => void = () => undefined;

  constructor() {
    // A look at it is what makes a pipe or socket non-blocking.
    void process.stderr;
    process.on("exit", () => this.#pass(LAST_PATIENCE_MS));
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#bytes + bytes.length > MAX_WAITING) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#retry === undefined) this.#pass(PATIENCE_MS);
  }

  /** Passes on what waits; what is not taken in time is tried again later. */
  #pass(patienceMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const deadline = performance.now() + patienceMs;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const taken = this.#take(first);
      if (taken === "failed") return;
      if (taken === "full" && performance.now() >= deadline) {
        // It keeps no process: the last try comes at its exit.
        this.#retry = setTimeout(() => this.#pass(0), RETRY_MS).unref();
        return;
      }
      if (taken === "full") pause(LOOK_AGAIN_MS);
    }
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.onReadAgain(dropped);
  }

  #take(first: Buffer): "taken" | "full" | "failed" {
    try {
      const written = writeSync(STANDARD_ERROR, first);
      this.#bytes -= written;
      if (written === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(written);
      return "taken";
    } catch (error) {
      if (isFull(error)) return "full";
      this.#dropped += this.#waiting.length;
      this.#waiting.length = 0;
      this.#bytes = 0;
      return "failed";
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
