import type { Socket } from "node:net";
import type { CancelTimer, Clock } from "../../requests/clock.js";
import { type Answer, decodeAnswer } from "./answer.js";
import { FrameReader } from "./frame-reader.js";
import { Watchdog } from "./watchdog.js";
import { WireFault } from "./wire-fault.js";

/** A frame must be complete that long after its first byte. */
const FRAME_TIMEOUT_MS = 10_000;

/** How long the CA system may take to close the connection after we said that we do. */
const LINGER_MS = 1_000;

/** Who is told what happens on a link; one after the other: set-up, then session. */
export interface LinkUser {
  connected?(): void;
  answered(answer: Answer): void;
  /** The socket takes more bytes again. */
  wantsMore?(): void;
  /** The link broke. Told once, at once, and nothing after it. */
  broke(reason: string): void;
}

/**
 * A TCP connection that speaks frames. It goes from *up* to *finishing* (we said good-bye, the
 * socket is being closed, nothing is heard any more) or straight to *down* (it broke: `broke` is
 * called and the socket destroyed), and ends when the socket has closed.
 */
export class Link {
  user: LinkUser;
  /** Resolves with the reason when the socket is closed and no timer is left. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #reader = new FrameReader();
  readonly #frameWatchdog: Watchdog;
  #state: "up" | "finishing" | "down" = "up";
  #reason = "the connection was closed";
  #frameBeganAt: number | undefined;
  #lastHeardAt: number;
  #cancelLinger: CancelTimer | undefined;

  constructor(socket: Socket, clock: Clock, user: LinkUser) {
    this.user = user;
    this.#socket = socket;
    this.#clock = clock;
    this.#lastHeardAt = clock.monotonic();
    this.#frameWatchdog = new Watchdog(
      clock,
      () => (this.#frameBeganAt === undefined ? undefined : this.#frameBeganAt + FRAME_TIMEOUT_MS),
      () => this.fail(`a frame was not complete ${FRAME_TIMEOUT_MS} ms after its first byte`),
    );
    socket.on("connect", () => {
      if (this.#state === "up") this.user.connected?.();
    });
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => {
      if (this.#state === "up") this.user.wantsMore?.();
    });
    socket.on("end", () => this.fail("the CA system closed the connection"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      this.fail(`the connection failed: ${error.code ?? error.message}`),
    );
    this.ended = new Promise((resolve) => {
      socket.on("close", () => {
        this.fail("the connection was lost");
        this.#cancelLinger?.();
        resolve(this.#reason);
      });
    });
  }

  /** When bytes last came (monotonic). */
  get lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  /** False while the socket has as many bytes as it wants. */
  get wantsMore(): boolean {
    return this.#state === "up" && !this.#socket.writableNeedDrain;
  }

  /** Runs `write`, whose frames then leave together. */
  batch(write: () => void): void {
    this.#socket.cork();
    write();
    this.#socket.uncork();
  }

  /** Gives a frame to the socket; false when it wants no more for now. */
  write(frame: Buffer): boolean {
    return this.#socket.write(frame);
  }

  /** Breaks the link; harmless when it is not up. */
  fail(reason: string): void {
    if (this.#state !== "up") return;
    this.#state = "down";
    this.#reason = reason;
    this.#frameWatchdog.stop();
    this.#socket.destroy();
    this.user.broke(reason);
  }

  /** Sends a last frame and closes; the CA system has a moment to close its side. */
  finish(frame: Buffer, reason: string): void {
    if (this.#state !== "up") return;
    this.#state = "finishing";
    this.#reason = reason;
    this.#frameWatchdog.stop();
    this.#cancelLinger = this.#clock.setTimer(LINGER_MS, () => this.#socket.destroy());
    this.#socket.end(frame);
  }

  #receive(chunk: Buffer): void {
    if (this.#state !== "up") return;
    const now = this.#clock.monotonic();
    this.#lastHeardAt = now;
    try {
      for (const frame of this.#reader.frames(chunk)) {
        this.#frameBeganAt = undefined;
        this.user.answered(decodeAnswer(frame));
        if (this.#state !== "up") return;
      }
    } catch (error) {
      this.fail(
        error instanceof WireFault
          ? `the CA system broke the protocol: ${error.message}`
          : `internal error: ${String(error)}`,
      );
      return;
    }
    if (this.#reader.midFrame) {
      this.#frameBeganAt ??= now;
      this.#frameWatchdog.watch();
    }
  }
}
