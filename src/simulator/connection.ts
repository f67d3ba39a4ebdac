import type { Socket } from "node:net";
import { Alarm } from "./alarm.js";
import type { Clock } from "./clock.js";
import type { Codec, RequestReader } from "./codec.js";
import type { Answer, Request } from "./message.js";
import type { Session } from "./source.js";

/** Without a whole message for this long the CA system closes. */
const idleMs = 90_000;

/** A message must be whole this long after its first byte. */
const incompleteMs = 10_000;

/** How long a closed connection waits for the other side to read its last answers and close. */
const lingerMs = 1000;

/** What a connection tells the CA system. */
export interface ConnectionListener {
  received(connection: Connection, request: Request): void;
  protocolError(connection: Connection, reason: string): void;
  /** Once, as soon as nothing more is received. */
  left(connection: Connection): void;
}

/**
 * One TCP connection: bytes to requests, answers to bytes, and the two clocks of the protocol.
 *
 * open -> closing (nothing is read any more, last answers go out) -> closed; a broken socket goes
 * to closed at once. `left` is told on the way out of open.
 */
export class Connection {
  /** Set by the CA system once a set-up was accepted. */
  session: Session | undefined;

  readonly #socket: Socket;
  readonly #codec: Codec;
  readonly #reader: RequestReader;
  readonly #listener: ConnectionListener;
  readonly #idle: Alarm;
  readonly #incomplete: Alarm;
  readonly #linger: Alarm;
  #state: "open" | "closing" | "closed" = "open";
  #answers: Buffer[] = [];
  #flushing: NodeJS.Immediate | undefined;

  constructor(socket: Socket, codec: Codec, clock: Clock, listener: ConnectionListener) {
    this.#socket = socket;
    this.#codec = codec;
    this.#reader = codec.reader();
    this.#listener = listener;
    this.#idle = new Alarm(clock, () => this.close());
    this.#incomplete = new Alarm(clock, () => this.#giveUp("message not complete in time"));
    this.#linger = new Alarm(clock, () => this.destroy());
    this.#idle.set(idleMs);
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("drain", () => socket.resume());
    socket.on("end", () => this.close());
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.destroy());
  }

  /** Answers of one turn of the event loop leave in one write. */
  send(answer: Answer): void {
    if (this.#state !== "open") return;
    this.#answers.push(this.#codec.write(answer));
    this.#flushing ??= setImmediate(() => this.#flush());
  }

  /** Sends what is to be sent, then closes. */
  close(): void {
    if (this.#leave("closing")) this.#socket.end();
  }

  /** Sends the first half of an answer, then resets the connection. */
  cut(answer: Answer): void {
    const bytes = this.#codec.write(answer);
    if (this.#state === "open") this.#answers.push(bytes.subarray(0, bytes.length >> 1));
    if (!this.#leave("closing")) return;
    // An empty write's callback comes after the half is in the kernel's hands.
    this.#socket.write("", () => this.#socket.resetAndDestroy());
  }

  /** Closes at once; answers not yet sent are lost. */
  destroy(): void {
    this.#leave("closed");
    this.#linger.clear();
    this.#state = "closed";
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#state !== "open") return;
    this.#reader.push(chunk);
    let whole = false;
    while (this.#state === "open") {
      const request = this.#reader.next();
      if (request === undefined) break;
      if (request.kind === "protocol_error") {
        this.#giveUp(request.reason);
      } else {
        whole = true;
        this.#listener.received(this, request);
      }
    }
    if (this.#state === "open") this.#wind(whole);
  }

  /** A whole message moves the idle clock; the incomplete clock runs from a first byte. */
  #wind(whole: boolean): void {
    if (whole) this.#idle.set(idleMs);
    if (!this.#reader.partial) this.#incomplete.clear();
    else if (whole || !this.#incomplete.running) this.#incomplete.set(incompleteMs);
  }

  #giveUp(reason: string): void {
    this.#listener.protocolError(this, reason);
    this.close();
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    if (this.#answers.length === 0) return;
    const bytes = Buffer.concat(this.#answers);
    this.#answers = [];
    // Who does not read its answers is not read either: what waits here stays bounded.
    if (!this.#socket.write(bytes)) this.#socket.pause();
  }

  /** False when it was left before. */
  #leave(to: "closing" | "closed"): boolean {
    if (this.#state !== "open") return false;
    this.#state = to;
    this.#idle.clear();
    this.#incomplete.clear();
    if (to === "closing") {
      this.#flush();
      // What still comes in is thrown away: unread bytes would turn the close into a reset, and
      // a reset may take the last answers with it.
      this.#socket.resume();
      this.#linger.set(lingerMs);
    } else {
      clearImmediate(this.#flushing);
    }
    this.#listener.left(this);
    return true;
  }
}
