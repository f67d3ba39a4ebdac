import type { CaPeer, PeerAnswer, PeerSession } from "../../../conformance/ca-peer.js";
import { type PeerConnection, ScriptedPeer } from "../../../support/scripted-peer.js";

const STX = 0x02;
const ETX = 0x03;

/** A message of the semaphore protocol: its text between the delimiters, with its checksum. */
export function line(text: string): Buffer {
  const bytes = Buffer.from(text);
  const sum = bytes.reduce((total, byte) => total ^ byte, 0);
  const hex = sum.toString(16).toUpperCase().padStart(2, "0");
  return Buffer.concat([Buffer.of(STX), bytes, Buffer.from(hex), Buffer.of(ETX)]);
}

function lineLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(ETX);
  return end < 0 ? undefined : end + 1;
}

/** What stands between the delimiters, the checksum taken away. */
function textOf(message: Buffer): string {
  return message.subarray(1, -3).toString();
}

/** The semaphore protocol behind the conformance suite's peer. */
export class SemaphorePeer implements CaPeer {
  readonly #peer: ScriptedPeer;

  private constructor(peer: ScriptedPeer) {
    this.#peer = peer;
  }

  static async start(): Promise<SemaphorePeer> {
    return new SemaphorePeer(await ScriptedPeer.listen(lineLength));
  }

  get port(): number {
    return this.#peer.port;
  }

  async letIn(lastTransaction: number): Promise<PeerSession> {
    const { connection, reference } = await this.#asked();
    connection.send(line(`WELC${reference};${String(lastTransaction).padStart(10, "0")}`));
    return new SemaphoreSession(connection);
  }

  async refuse(): Promise<void> {
    const { connection, reference } = await this.#asked();
    connection.send(line(`RSLT${reference};E401;not you`));
    await connection.closed;
  }

  async ignore(): Promise<void> {
    await this.#asked();
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }

  async #asked(): Promise<{ readonly connection: PeerConnection; readonly reference: string }> {
    const connection = await this.#peer.connection();
    return { connection, reference: referenceOf(textOf(await connection.frame())) };
  }
}

function referenceOf(text: string): string {
  return text.slice(4, text.indexOf(";"));
}

class SemaphoreSession implements PeerSession {
  readonly closed: Promise<void>;
  readonly #connection: PeerConnection;
  /** What each command was known by when it came last. */
  readonly #references = new Map<number, string>();

  constructor(connection: PeerConnection) {
    this.#connection = connection;
    this.closed = connection.closed;
  }

  get arrived(): number {
    return this.#connection.journal.filter((hex) => {
      const verb = Buffer.from(hex, "hex").toString("latin1", 1, 5);
      return verb === "RFSH" || verb === "PIN ";
    }).length;
  }

  async command(): Promise<number> {
    for (;;) {
      const text = textOf(await this.#connection.frame());
      const reference = referenceOf(text);
      if (text.startsWith("POLL")) this.#connection.send(line(`ALIV${reference};`));
      else {
        const start = text.indexOf(";") + 1;
        const transaction = Number(text.slice(start, start + 10));
        this.#references.set(transaction, reference);
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
    const bytes = this.#bytes(transaction, answer);
    const { socket } = this.#connection;
    socket.write(bytes.subarray(0, bytes.length / 2), () => socket.destroy());
  }

  garbage(): void {
    this.#connection.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
  }

  overlong(): void {
    this.#connection.send(Buffer.concat([Buffer.of(STX), Buffer.alloc(401, "x")]));
  }

  answerSignsOfLife(): void {
    void this.command();
  }

  #bytes(transaction: number, answer: PeerAnswer): Buffer {
    const reference = this.#references.get(transaction) ?? "K998";
    return line(`RSLT${reference};${answerText(answer)}`);
  }

  cut(): void {
    this.#connection.socket.destroy();
  }
}

function answerText(answer: PeerAnswer): string {
  switch (answer.kind) {
    case "accepted":
      return `OK;${answer.reference}`;
    case "rejected":
      return `E404;${answer.text}`;
    case "failed":
      return `E900;${answer.text}`;
    case "busy":
      return `WAIT a bit;${answer.retryAfterMs}`;
    case "transaction_used":
      return `E001;${answer.text}`;
  }
}
