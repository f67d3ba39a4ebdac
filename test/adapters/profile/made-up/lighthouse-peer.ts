import type { CaPeer, PeerAnswer, PeerSession } from "../../../conformance/ca-peer.js";
import { type PeerConnection, ScriptedPeer } from "../../../support/scripted-peer.js";

const LENGTH = 64;
const UNKNOWN_SEQUENCE = 9_998;

/** A message of the lighthouse protocol. */
function message(kind: string, sequence: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeUInt16LE(0x4c48, 0);
  bytes.write(kind, 2, "latin1");
  bytes.writeUInt16LE(sequence, 4);
  body.copy(bytes, 6);
  const sum = bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
  bytes[LENGTH - 1] = -sum & 0xff;
  return bytes;
}

function result(code: number, { wait = 0, note = "" }): Buffer {
  const body = Buffer.alloc(43, " ");
  body.writeUInt8(code, 0);
  body.writeUInt16LE(wait, 1);
  body.write(note, 3, "latin1");
  return body;
}

function resultOf(answer: PeerAnswer): Buffer {
  switch (answer.kind) {
    case "accepted":
      return result(0, { note: answer.reference });
    case "busy":
      return result(1, { wait: answer.retryAfterMs / 1_000 });
    case "transaction_used":
      return result(2, { note: answer.text });
    case "failed":
      return result(100, { note: answer.text });
    case "rejected":
      return result(3, { note: answer.text });
  }
}

const kindOf = (frame: Buffer) => frame.toString("latin1", 2, 4);
const sequenceOf = (frame: Buffer) => frame.readUInt16LE(4);

/** The lighthouse protocol behind the conformance suite's peer. */
export class LighthousePeer implements CaPeer {
  readonly #peer: ScriptedPeer;

  private constructor(peer: ScriptedPeer) {
    this.#peer = peer;
  }

  static async start(): Promise<LighthousePeer> {
    const whole = (bytes: Buffer) => (bytes.length < LENGTH ? undefined : LENGTH);
    return new LighthousePeer(await ScriptedPeer.listen(whole));
  }

  get port(): number {
    return this.#peer.port;
  }

  async letIn(lastTransaction: number): Promise<PeerSession> {
    const { connection, hello } = await this.#asked();
    const body = Buffer.alloc(4);
    body.writeUInt32LE(lastTransaction);
    connection.send(message("WE", sequenceOf(hello), body));
    return new LighthouseSession(connection);
  }

  async refuse(): Promise<void> {
    const { connection, hello } = await this.#asked();
    connection.send(message("RS", sequenceOf(hello), result(9, { note: "not you" })));
    await connection.closed;
  }

  async ignore(): Promise<void> {
    await this.#asked();
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }

  async #asked(): Promise<{ readonly connection: PeerConnection; readonly hello: Buffer }> {
    const connection = await this.#peer.connection();
    return { connection, hello: await connection.frame() };
  }
}

class LighthouseSession implements PeerSession {
  readonly closed: Promise<void>;
  readonly #connection: PeerConnection;
  /** What each command was known by when it came last. */
  readonly #sequences = new Map<number, number>();

  constructor(connection: PeerConnection) {
    this.#connection = connection;
    this.closed = connection.closed;
  }

  get arrived(): number {
    const kinds = this.#connection.journal.map((hex) => kindOf(Buffer.from(hex, "hex")));
    return kinds.filter((kind) => kind === "RF" || kind === "PN").length;
  }

  async command(): Promise<number> {
    for (;;) {
      const frame = await this.#connection.frame();
      const sequence = sequenceOf(frame);
      if (kindOf(frame) === "PO") this.#connection.send(message("AL", sequence, Buffer.alloc(0)));
      else {
        const transaction = frame.readUInt32LE(6);
        this.#sequences.set(transaction, sequence);
        return transaction;
      }
    }
  }

  answer(transaction: number, answer: PeerAnswer): void {
    this.#connection.send(this.#bytes(transaction, answer));
  }

  async answerSlowly(transaction: number, answer: PeerAnswer): Promise<void> {
    await this.#connection.sendByteByByte(this.#bytes(transaction, answer));
  }

  answerInPart(transaction: number, answer: PeerAnswer): void {
    const { socket } = this.#connection;
    socket.write(this.#bytes(transaction, answer).subarray(0, 20), () => socket.destroy());
  }

  garbage(): void {
    this.#connection.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n".padEnd(LENGTH)));
  }

  /** There is no length to be over: what is too much is taken for the next message. */
  overlong(): void {
    this.#connection.send(Buffer.alloc(10 * LENGTH));
  }

  answerSignsOfLife(): void {
    void this.command();
  }

  cut(): void {
    this.#connection.socket.destroy();
  }

  #bytes(transaction: number, answer: PeerAnswer): Buffer {
    return message("RS", this.#sequences.get(transaction) ?? UNKNOWN_SEQUENCE, resultOf(answer));
  }
}
