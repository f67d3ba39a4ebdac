import { once } from "node:events";
import { createConnection, type Socket } from "node:net";

/** A provider in the raw: sends hex, receives whole frames as hex. */
export class RawClient {
  readonly #socket: Socket;
  readonly #frames: string[] = [];
  readonly #waiting: ((frame: string) => void)[] = [];
  #bytes = Buffer.alloc(0);
  /** Resolves with `reset` or `end` when the CA system has closed. */
  readonly closed: Promise<"end" | "reset">;

  private constructor(socket: Socket) {
    this.#socket = socket;
    let how: "end" | "reset" = "end";
    socket.on("data", (chunk) => this.#received(chunk));
    socket.on("error", () => {
      how = "reset";
    });
    this.closed = new Promise((resolve) => socket.on("close", () => resolve(how)));
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Hex, spaces for reading. */
  send(...hex: readonly string[]): void {
    this.#socket.write(Buffer.from(hex.join("").replaceAll(" ", ""), "hex"));
  }

  /** Writes byte by byte, each as its own chunk. */
  async trickle(hex: string): Promise<void> {
    for (const byte of Buffer.from(hex.replaceAll(" ", ""), "hex")) {
      await new Promise<void>((written) => {
        this.#socket.write(Buffer.of(byte), () => setImmediate(written));
      });
    }
  }

  /** The next frame. */
  receive(): Promise<string> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async exchange(...hex: readonly string[]): Promise<string> {
    this.send(...hex);
    return this.receive();
  }

  /** Frames that came and were not received; the bytes of an incomplete one. */
  get rest(): { frames: number; bytes: string } {
    return { frames: this.#frames.length, bytes: this.#bytes.toString("hex") };
  }

  /** Stops reading, as a provider does that hangs. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends nothing more, but goes on reading. */
  finish(): void {
    this.#socket.end();
  }

  end(): Promise<"end" | "reset"> {
    this.#socket.destroy();
    return this.closed;
  }

  #received(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 5) {
      const end = 5 + this.#bytes.readUInt16BE(3);
      if (this.#bytes.length < end) return;
      const frame = this.#bytes.subarray(0, end).toString("hex");
      this.#bytes = this.#bytes.subarray(end);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(frame);
      else waiting(frame);
    }
  }
}
