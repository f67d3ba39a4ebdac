import type { CaPeer, PeerAnswer, PeerSession } from "../../conformance/ca-peer.js";
import {
  accepted,
  busy,
  hex,
  rejected,
  setupStatus,
  testStatus,
  transactionOf,
} from "../../support/nds-bytes.js";
import { type PeerConnection, ScriptedPeer } from "../../support/scripted-peer.js";

/** The NDS reference profile behind the conformance suite's peer. */
export class NdsCaPeer implements CaPeer {
  readonly #peer: ScriptedPeer;

  private constructor(peer: ScriptedPeer) {
    this.#peer = peer;
  }

  static async start(): Promise<NdsCaPeer> {
    return new NdsCaPeer(await ScriptedPeer.listen());
  }

  get port(): number {
    return this.#peer.port;
  }

  async letIn(lastTransaction: number): Promise<PeerSession> {
    const connection = await this.#asked();
    connection.send(setupStatus(lastTransaction));
    return new NdsPeerSession(connection);
  }

  async refuse(): Promise<void> {
    const connection = await this.#asked();
    connection.send(rejected(1, 101, "not you"));
    await connection.closed;
  }

  async ignore(): Promise<void> {
    await this.#asked();
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }

  async #asked(): Promise<PeerConnection> {
    const connection = await this.#peer.connection();
    await connection.frame();
    return connection;
  }
}

class NdsPeerSession implements PeerSession {
  readonly closed: Promise<void>;
  readonly #connection: PeerConnection;

  constructor(connection: PeerConnection) {
    this.#connection = connection;
    this.closed = connection.closed;
  }

  get arrived(): number {
    return this.#connection.journal.filter((frame) => /^01(?!000)/.test(frame)).length;
  }

  async command(): Promise<number> {
    for (;;) {
      const frame = await this.#connection.frame();
      const number = transactionOf(frame);
      if (frame.readUInt16BE(1) >= 0x0101) return number;
      this.#connection.send(testStatus(number));
    }
  }

  answer(transaction: number, answer: PeerAnswer): void {
    this.#connection.send(answerBytes(transaction, answer));
  }

  async answerSlowly(transaction: number, answer: PeerAnswer): Promise<void> {
    await this.#connection.sendByteByByte(answerBytes(transaction, answer));
  }

  answerInPart(transaction: number, answer: PeerAnswer): void {
    const bytes = answerBytes(transaction, answer);
    const { socket } = this.#connection;
    socket.write(bytes.subarray(0, bytes.length / 2), () => socket.destroy());
  }

  garbage(): void {
    this.#connection.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  }

  overlong(): void {
    this.#connection.send(hex("01 8001 ffff"));
  }

  answerSignsOfLife(): void {
    void this.command();
  }

  cut(): void {
    this.#connection.socket.destroy();
  }
}

function answerBytes(transaction: number, answer: PeerAnswer): Buffer {
  switch (answer.kind) {
    case "accepted":
      return accepted(transaction, answer.reference);
    case "rejected":
      return rejected(transaction, 1, answer.text);
    case "failed":
      return rejected(transaction, 100, answer.text);
    case "busy":
      return busy(transaction, answer.retryAfterMs);
    case "transaction_used":
      return rejected(transaction, 5, answer.text);
  }
}
