import type { Clock } from "./clock.js";
import type { CommandType, SessionMessageType } from "./message.js";

/** What happened: `arrival` stands for each command that came in, before any memory is asked. */
export type JournalEvent =
  | "session"
  | "test"
  | "arrival"
  | "effect"
  | "repeat"
  | "conflict"
  | "reject"
  | "busy"
  | "drop"
  | "cut"
  | "protocol_error";

/** What an event was about; what does not apply is absent. */
export interface JournalSubject {
  readonly src?: number | undefined;
  readonly txn?: number | undefined;
  readonly type?: SessionMessageType | CommandType | undefined;
  readonly card?: string | undefined;
  readonly reference?: string | undefined;
  /** Of `reject` only: tells a refusal from a failure and from a session that is missing. */
  readonly code?: number | undefined;
}

/** One line of the journal; `t` is milliseconds since 1970. */
export interface JournalEntry extends JournalSubject {
  readonly t: number;
  readonly ev: JournalEvent;
}

/** Told of each entry as it is made, in order. */
export type JournalListener = (entry: JournalEntry) => void;

/** Tells its listeners what the CA system does; costs next to nothing while there are none. */
export class Journal {
  readonly #clock: Clock;
  readonly #listeners = new Set<JournalListener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The result takes the listener away again. */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  write(ev: JournalEvent, subject: JournalSubject): void {
    if (this.#listeners.size === 0) return;
    // Written out one by one: this order of keys is the order in the file.
    const { src, txn, type, card, reference, code } = subject;
    const entry = { t: this.#clock.now(), ev, src, txn, type, card, reference, code };
    for (const listener of this.#listeners) listener(entry);
  }
}
