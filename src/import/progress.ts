import type { Clock } from "../requests/clock.js";
import type { ImportCounts } from "./import-file.js";

/** Where progress is shown: standard error, a terminal or not. */
export interface ProgressOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const TERMINAL_MS = 100;
const PLAIN_MS = 10_000;
const BAR = 30;
const CLEAR_LINE = "\r\u001b[K";

/** Shows how far an import is: a bar that moves on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #clock: Clock;
  readonly #totalBytes: number;
  readonly #started: number;
  #shownAt: number;
  #drawn = false;

  constructor(output: ProgressOutput, clock: Clock, totalBytes: number) {
    this.#output = output;
    this.#clock = clock;
    this.#totalBytes = totalBytes;
    this.#started = clock.monotonic();
    this.#shownAt = this.#started;
  }

  /** To be told as often as one likes; shows something when it is time. */
  update(counts: Readonly<ImportCounts>, bytesRead: number): void {
    const now = this.#clock.monotonic();
    const terminal = this.#output.isTTY === true;
    if (now - this.#shownAt < (terminal ? TERMINAL_MS : PLAIN_MS)) return;
    this.#shownAt = now;
    const seconds = (now - this.#started) / 1000;
    const share = Math.min(1, bytesRead / Math.max(1, this.#totalBytes));
    const text = [
      `${Math.floor(share * 100)} %`,
      `${counts.lines} lines`,
      ...(counts.rejected > 0 ? [`${counts.rejected} rejected`] : []),
      `${Math.round(counts.lines / seconds)}/s`,
      ...(share > 0 ? [`${duration((seconds * (1 - share)) / share)} left`] : []),
    ].join(", ");
    if (terminal) {
      const line = `${bar(share)} ${text}`.slice(0, (this.#output.columns ?? 80) - 1);
      this.#output.write(`${CLEAR_LINE}${line}`);
      this.#drawn = true;
    } else {
      this.#output.write(`${text}\n`);
    }
  }

  /** Takes the bar off the terminal. */
  end(): void {
    if (this.#drawn) this.#output.write(CLEAR_LINE);
    this.#drawn = false;
  }
}

function bar(share: number): string {
  const done = Math.round(share * BAR);
  return `[${"#".repeat(done)}${"-".repeat(BAR - done)}]`;
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}
