import { closeSync, openSync, writeSync } from "node:fs";
import { Alarm } from "./alarm.js";
import type { Clock } from "./clock.js";
import type { JournalEntry } from "./journal.js";

/** A line waits no longer than this for the disk. */
const flushAfterMs = 100;

/** Written early beyond this, which bounds what a burst may hold in memory. */
const flushAtCharacters = 256 * 1024;

/**
 * Appends entries to a file, one JSON line each. Writes are synchronous: ordered, bounded and done
 * when `close` returns, and a batch of this size takes well under a millisecond.
 */
export class JournalFile {
  readonly #file: number;
  readonly #alarm: Alarm;
  #lines = "";

  constructor(path: string, clock: Clock) {
    this.#file = openSync(path, "a");
    this.#alarm = new Alarm(clock, () => this.#flush());
  }

  append(entry: JournalEntry): void {
    this.#lines += `${JSON.stringify(entry)}\n`;
    if (this.#lines.length >= flushAtCharacters) this.#flush();
    else if (!this.#alarm.running) this.#alarm.set(flushAfterMs);
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    this.#alarm.clear();
    const bytes = Buffer.from(this.#lines);
    this.#lines = "";
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }
}
