import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** Takes what was put in, in order, waiting for what is not there yet. */
class Arrivals<T> {
  readonly #arrived: T[] = [];
  readonly #waiting: ((value: T) => void)[] = [];

  put(value: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#arrived.push(value);
    else waiting(value);
  }

  take(): Promise<T> {
    const value = this.#arrived.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Length of the message that begins the bytes; undefined until that is known. */
export type MessageLength = (bytes: Buffer) => number | undefined;

/** Messages of the NDS reference profile. */
const ndsMessage: MessageLength = (bytes) =>
  bytes.length < 5 ? undefined : 5 + bytes.readUInt16BE(3);

/** One connection to a scripted peer: hands out the frames that come, sends the bytes it is told. */
export class PeerConnection {
  readonly socket: Socket;
  /** Resolves when the connection is closed on both sides. */
  readonly closed: Promise<void>;
  /** Every frame so far, in hexadecimal. */
  readonly journal: string[] = [];
  readonly #frames = new Arrivals<Buffer>();
  #rest = Buffer.alloc(0);

  constructor(socket: Socket, messageLength: MessageLength) {
    this.socket = socket;
    socket.setNoDelay(true);
    // A reset is one of the ways in which a connection may end here.
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("data", (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      for (;;) {
        const end = messageLength(this.#rest);
        if (end === undefined || this.#rest.length < end) return;
        const frame = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end);
        this.journal.push(frame.toString("hex"));
        this.#frames.put(frame);
      }
    });
  }

  /** The next frame that no test has taken yet. */
  frame(): Promise<Buffer> {
    return this.#frames.take();
  }

  /** Sends bytes as they are; several pieces leave together. */
  send(...pieces: Buffer[]): void {
    this.socket.write(Buffer.concat(pieces));
  }

  /** Sends bytes one by one, each given to the network before the next. */
  async sendByteByByte(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      await new Promise((resolve) => this.socket.write(Buffer.of(byte), resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** A TCP listener on which a test plays the CA system's part, byte by byte. */
export class ScriptedPeer {
  readonly port: number;
  readonly #server: Server;
  readonly #connections = new Arrivals<PeerConnection>();
  readonly #open = new Set<PeerConnection>();

  private constructor(server: Server, messageLength: MessageLength) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      const connection = new PeerConnection(socket, messageLength);
      this.#open.add(connection);
      void connection.closed.then(() => this.#open.delete(connection));
      this.#connections.put(connection);
    });
  }

  static async listen(messageLength = ndsMessage): Promise<ScriptedPeer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ScriptedPeer(server, messageLength);
  }

  /** The next connection that no test has taken yet. */
  connection(): Promise<PeerConnection> {
    return this.#connections.take();
  }

  /** Destroys what is left and stops listening. */
  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const connection of this.#open) connection.socket.destroy();
    await closed;
  }
}
