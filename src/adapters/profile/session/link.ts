import type { Socket } from "node:net";
import type { CancelTimer, Clock } from "../../../requests/clock.js";
import type { FrameCutter } from "../framing/frame-cutter.js";
import type { Received } from "../message/received.js";
import { WireFault } from "../message/wire-fault.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { OpenedSocket } from "../transport/open-socket.js";
import { Watchdog } from "./watchdog.js";

/** How long the CA system may take to close the connection after we said that we do. */
const LINGER_MS = 1_000;

/** Who is told what happens on a link; one after the other: set-up, then session. */
export interface LinkUser {
  connected?(): void;
  answered(answer: Received): void;
  /** The socket takes more bytes again. */
  wantsMore?(): void;
  /** The link broke. Told once, at once, and nothing after it. */
  broke(reason: string): void;
}

/**
 * A connection that carries messages. It goes from *up* to *finishing* (we said good-bye, the
 * socket is being closed, nothing is heard any more) or straight to *down* (it broke: `broke` is
 * called and the socket destroyed), and ends when the socket has closed.
 */
export class Link {
  user: LinkUser;
  /** Resolves with the reason when the socket is closed and no timer is left. */
  readonly ended: Promise<string>;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #protocol: StreamProtocol;
  readonly #cutter: FrameCutter;
  readonly #frameWatchdog: Watchdog;
  #state: "up" | "finishing" | "down" = "up";
  #reason = "the connection was closed";
  /** Why it is to break once all that has come is told. */
  #lastWord: string | undefined;
  #frameBeganAt: number | undefined;
  #lastHeardAt: number;
  #cancelLinger: CancelTimer | undefined;

  constructor(
    { socket, ready }: OpenedSocket,
    protocol: StreamProtocol,
    clock: Clock,
    user: LinkUser,
  ) {
    const timeout = protocol.messageTimeoutMs;
    this.user = user;
    this.#socket = socket;
    this.#protocol = protocol;
    this.#cutter = protocol.newCutter();
    this.#clock = clock;
    this.#lastHeardAt = clock.monotonic();
    this.#frameWatchdog = new Watchdog(
      clock,
      () => (this.#frameBeganAt === undefined ? undefined : this.#frameBeganAt + timeout),
      () => this.fail(`a frame was not complete ${timeout} ms after its first byte`),
    );
    socket.on(ready, () => {
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

  /** Told in `answered`: breaks the link when the messages that came with this one are told too. */
  failAfterwards(reason: string): void {
    this.#lastWord ??= reason;
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

  /** Sends a last frame, if there is one, and closes; the CA system has a moment to close its side. */
  finish(frame: Buffer | undefined, reason: string): void {
    if (this.#state !== "up") return;
    this.#state = "finishing";
    this.#reason = reason;
    this.#frameWatchdog.stop();
    this.#cancelLinger = this.#clock.setTimer(LINGER_MS, () => this.#socket.destroy());
    if (frame === undefined) this.#socket.end();
    else this.#socket.end(frame);
  }

  readonly #take = (bytes: Buffer, start: number, end: number): boolean => {
    this.#frameBeganAt = undefined;
    this.user.answered(this.#protocol.read(bytes, start, end));
    return this.#state === "up";
  };

  #receive(chunk: Buffer): void {
    if (this.#state !== "up") return;
    const now = this.#clock.monotonic();
    this.#lastHeardAt = now;
    try {
      this.#cutter.push(chunk, this.#take);
    } catch (error) {
      this.fail(
        error instanceof WireFault
          ? `the CA system broke the protocol: ${error.message}`
          : `internal error: ${String(error)}`,
      );
      return;
    }
    if (this.#lastWord !== undefined) {
      this.fail(this.#lastWord);
      return;
    }
    if (this.#cutter.midFrame) {
      this.#frameBeganAt ??= now;
      this.#frameWatchdog.watch();
    }
  }
}
