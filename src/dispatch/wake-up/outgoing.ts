import type { Notice } from "./wake-up.js";

/** Numbers in one notice at most: a NOTIFY carries less than 8,000 bytes. */
const NUMBERS = 400;
/** Ended requests that are remembered at most: calls look for themselves long before there are more. */
const ENDED = 4000;

/**
 * Notices to be sent, each said once however often it was told, and only the newest run of a
 * definition. However long they wait, there are no more than providers and definitions call for.
 */
export class Outgoing {
  readonly #notices = new Map<string, Notice>();
  readonly #ended = new Set<number>();

  get any(): boolean {
    return this.#notices.size > 0 || this.#ended.size > 0;
  }

  add(notice: Notice): void {
    switch (notice.kind) {
      case "ended":
        for (const number of notice.numbers) this.#ended.add(number);
        if (this.#ended.size > ENDED) this.#miss();
        return;
      case "work":
        this.#notices.set(`work ${notice.provider}`, notice);
        return;
      case "run":
        this.#notices.set(`run ${notice.run.definition}`, notice);
        return;
      case "slots":
      case "providers":
      case "run_definitions":
      case "missed":
        this.#notices.set(notice.kind, notice);
        return;
    }
  }

  /** Takes everything out. */
  take(): Notice[] {
    const notices = [...this.#notices.values()];
    const ended = [...this.#ended];
    for (let i = 0; i < ended.length; i += NUMBERS) {
      notices.push({ kind: "ended", numbers: ended.slice(i, i + NUMBERS) });
    }
    this.#notices.clear();
    this.#ended.clear();
    return notices;
  }

  /** Puts in again what was taken out and could not be sent; what was told since is newer. */
  putBack(notices: readonly Notice[]): void {
    const since = this.take();
    for (const notice of [...notices, ...since]) this.add(notice);
  }

  #miss(): void {
    this.#ended.clear();
    this.add({ kind: "missed" });
  }
}
