import type { Socket } from "node:net";
import type { CaPeer, PeerAnswer, PeerSession } from "../../../conformance/ca-peer.js";
import { type PeerRequest, ScriptedHttpPeer } from "../http/scripted-http-peer.js";
import { SERVER_TLS } from "./certificate.js";

/** The header by which a request tells the peer its transaction; no protocol has it. */
export const TRANSACTION_HEADER = "x-conformance-transaction";

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A CA system over HTTPS without a login, behind the conformance suite's peer. */
export class PlainHttpPeer implements CaPeer {
  readonly #peer: ScriptedHttpPeer;
  readonly #answerOf: (answer: PeerAnswer) => WireAnswer;

  private constructor(peer: ScriptedHttpPeer, answerOf: (answer: PeerAnswer) => WireAnswer) {
    this.#peer = peer;
    this.#answerOf = answerOf;
  }

  static async start(answerOf: (answer: PeerAnswer) => WireAnswer): Promise<PlainHttpPeer> {
    return new PlainHttpPeer(await ScriptedHttpPeer.listen(SERVER_TLS), answerOf);
  }

  get port(): number {
    return this.#peer.port;
  }

  async letIn(): Promise<PeerSession> {
    return new PlainHttpSession(this.#peer, this.#answerOf);
  }

  refuse(): Promise<void> {
    return Promise.reject(new Error("there is no login to refuse"));
  }

  ignore(): Promise<void> {
    return Promise.reject(new Error("there is no login to ignore"));
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }
}

class PlainHttpSession implements PeerSession {
  readonly #peer: ScriptedHttpPeer;
  readonly #answerOf: (answer: PeerAnswer) => WireAnswer;
  readonly #before: number;
  /** The latest request of each transaction. */
  readonly #requests = new Map<number, PeerRequest>();

  constructor(peer: ScriptedHttpPeer, answerOf: (answer: PeerAnswer) => WireAnswer) {
    this.#peer = peer;
    this.#answerOf = answerOf;
    this.#before = peer.requests.length;
  }

  get closed(): Promise<void> {
    return this.#peer.idle();
  }

  get arrived(): number {
    return this.#peer.requests.length - this.#before;
  }

  async command(): Promise<number> {
    const request = await this.#peer.request();
    const transaction = Number(request.headers[TRANSACTION_HEADER]);
    this.#requests.set(transaction, request);
    return transaction;
  }

  answer(transaction: number, answer: PeerAnswer): void {
    const { status, body, headers } = this.#answerOf(answer);
    this.#requests.get(transaction)?.answer(status, body, headers);
  }

  async answerSlowly(transaction: number, answer: PeerAnswer): Promise<void> {
    const socket = this.#socket(transaction);
    for (const byte of this.#raw(answer)) {
      await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    }
  }

  answerInPart(transaction: number, answer: PeerAnswer): void {
    const bytes = this.#raw(answer);
    const socket = this.#socket(transaction);
    socket.write(bytes.subarray(0, bytes.length - 5), () => socket.destroy());
  }

  garbage(transaction: number): void {
    this.#socket(transaction).write("\x02RSLT K1;OK\x03\n\n");
  }

  overlong(transaction: number): void {
    const length = 1_000_000;
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
    this.#socket(transaction).write(head + " ".repeat(length));
  }

  /** There is none that the CA system would have to answer. */
  answerSignsOfLife(): void {}

  /** The bytes of an answer over HTTP. */
  #raw(answer: PeerAnswer): Buffer {
    const { status, body, headers = {} } = this.#answerOf(answer);
    const lines = Object.entries({ ...headers, "content-length": body.length });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    return Buffer.from(`HTTP/1.1 ${status} X\r\n${head}\r\n${body}`);
  }

  #socket(transaction: number): Socket {
    const socket = this.#requests.get(transaction)?.socket;
    if (socket === undefined) throw new Error("no such command");
    return socket;
  }

  cut(): void {
    this.#peer.cut();
  }
}
