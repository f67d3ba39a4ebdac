import type { CancelTimer, Clock } from "../../../requests/clock.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { HttpAnswer } from "./answer-reader.js";
import type { HttpLine } from "./http-line.js";
import type { WrittenRequest } from "./request-layout.js";

/** Who is told what becomes of one request within its times. */
export interface TimedUser {
  answered(answer: HttpAnswer): void;
  /** Asked right before its first byte leaves; false keeps it back. Without this it may. */
  mayLeave?(): boolean;
  /** It was kept back: nothing of it has left. */
  keptBack?(): void;
  /** `given`: bytes of it may have reached the CA system. */
  failed(reason: string, given: boolean): void;
  /** The response timeout is over. The answer is awaited as long again, and then given up. */
  silent?(): void;
}

/**
 * One request with its times: *connecting* until the connect timeout, *asking* until the response
 * timeout, then, if its user wants, *late* for as long again; *over* with an answer, a failure, or
 * when it is kept back or dropped.
 */
export class TimedRequest {
  readonly #clock: Clock;
  readonly #settings: ConnectionSettings;
  readonly #user: TimedUser;
  readonly #dropRequest: () => void;
  #state: "connecting" | "asking" | "late" | "over" = "connecting";
  #cancelTimer: CancelTimer;

  constructor(
    line: HttpLine,
    clock: Clock,
    settings: ConnectionSettings,
    written: WrittenRequest,
    user: TimedUser,
  ) {
    this.#clock = clock;
    this.#settings = settings;
    this.#user = user;
    const { connectTimeoutMs } = settings;
    this.#dropRequest = line.send(written, {
      mayLeave: () => this.#mayLeave(),
      answered: (answer) => this.#end(() => user.answered(answer)),
      failed: (reason) => this.#fail(reason),
    });
    this.#cancelTimer = clock.setTimer(connectTimeoutMs, () =>
      this.#fail(`no connection within ${connectTimeoutMs} ms`),
    );
  }

  /** Bytes of it may have reached the CA system. */
  get given(): boolean {
    return this.#state === "asking" || this.#state === "late";
  }

  /** Ends it without a word. */
  drop(): void {
    this.#end(() => undefined);
  }

  #mayLeave(): boolean {
    if (this.#user.mayLeave?.() === false) {
      this.#end(() => this.#user.keptBack?.());
      return false;
    }
    this.#state = "asking";
    this.#wait();
    return true;
  }

  #wait(): void {
    this.#cancelTimer();
    const { responseTimeoutMs } = this.#settings;
    this.#cancelTimer = this.#clock.setTimer(responseTimeoutMs, () => {
      if (this.#state === "asking" && this.#user.silent !== undefined) {
        this.#state = "late";
        this.#wait();
        this.#user.silent();
      } else this.#fail(`no answer within ${responseTimeoutMs} ms`);
    });
  }

  #fail(reason: string): void {
    const { given } = this;
    this.#end(() => this.#user.failed(reason, given));
  }

  #end(tell: () => void): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#cancelTimer();
    this.#dropRequest();
    tell();
  }
}
