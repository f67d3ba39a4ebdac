import type { Socket } from "node:net";
import type { CaPeer, PeerAnswer, PeerSession } from "../../../conformance/ca-peer.js";
import { type PeerRequest, ScriptedHttpPeer } from "./scripted-http-peer.js";

/** The counter-desk protocol behind the conformance suite's peer. */
export class CounterDeskPeer implements CaPeer {
  readonly #peer: ScriptedHttpPeer;

  private constructor(peer: ScriptedHttpPeer) {
    this.#peer = peer;
  }

  static async start(): Promise<CounterDeskPeer> {
    return new CounterDeskPeer(await ScriptedHttpPeer.listen());
  }

  get port(): number {
    return this.#peer.port;
  }

  async letIn(lastTransaction: number): Promise<PeerSession> {
    const hello = await this.#peer.request();
    hello.answer(200, JSON.stringify({ state: "welcome", token: "t-1", last: lastTransaction }));
    return new CounterDeskSession(this.#peer);
  }

  async refuse(): Promise<void> {
    const hello = await this.#peer.request();
    hello.answer(401, '{"error":{"text":"not you"}}');
  }

  async ignore(): Promise<void> {
    await this.#peer.request();
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }
}

class CounterDeskSession implements PeerSession {
  readonly closed: Promise<void>;
  readonly #peer: ScriptedHttpPeer;
  readonly #before: number;
  /** The latest request of each number. */
  readonly #requests = new Map<number, PeerRequest>();

  constructor(peer: ScriptedHttpPeer) {
    this.#peer = peer;
    this.#before = peer.requests.length;
    this.closed = peer.idle();
  }

  get arrived(): number {
    return this.#peer.requests.length - this.#before;
  }

  async command(): Promise<number> {
    const request = await this.#peer.request();
    const { number } = JSON.parse(request.body) as { number: number };
    this.#requests.set(number, request);
    return number;
  }

  answer(transaction: number, answer: PeerAnswer): void {
    const { status, body, headers } = answerOf(answer);
    this.#requests.get(transaction)?.answer(status, body, headers);
  }

  async answerSlowly(transaction: number, answer: PeerAnswer): Promise<void> {
    const socket = this.#socket(transaction);
    for (const byte of rawAnswer(answer)) {
      await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    }
  }

  answerInPart(transaction: number, answer: PeerAnswer): void {
    const bytes = rawAnswer(answer);
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

  /** There is no keep-alive in this protocol. */
  answerSignsOfLife(): void {}

  cut(): void {
    this.#peer.cut();
  }

  #socket(transaction: number): Socket {
    const socket = this.#requests.get(transaction)?.socket;
    if (socket === undefined) throw new Error("no such command");
    return socket;
  }
}

function answerOf(answer: PeerAnswer) {
  const error = (status: number, text: string) => ({
    status,
    body: JSON.stringify({ error: { text } }),
    headers: {},
  });
  switch (answer.kind) {
    case "accepted":
      return {
        status: 200,
        body: JSON.stringify({ state: "done", receipt: answer.reference }),
        headers: {},
      };
    case "rejected":
      return error(404, answer.text);
    case "failed":
      return error(500, answer.text);
    case "busy":
      return { status: 429, body: "", headers: { "Retry-After": String(answer.retryAfterMs) } };
    case "transaction_used":
      return error(409, answer.text);
  }
}

/** The bytes of an answer over HTTP. */
function rawAnswer(answer: PeerAnswer): Buffer {
  const { status, body } = answerOf(answer);
  return Buffer.from(`HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}
