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
    const request = this.#requests.get(transaction);
    const error = (status: number, text: string) =>
      request?.answer(status, JSON.stringify({ error: { text } }));
    switch (answer.kind) {
      case "accepted":
        request?.answer(200, JSON.stringify({ state: "done", receipt: answer.reference }));
        break;
      case "rejected":
        error(404, answer.text);
        break;
      case "failed":
        error(500, answer.text);
        break;
      case "busy":
        request?.answer(429, "", { "Retry-After": String(answer.retryAfterMs) });
        break;
      case "transaction_used":
        error(409, answer.text);
    }
  }

  cut(): void {
    this.#peer.cut();
  }
}
