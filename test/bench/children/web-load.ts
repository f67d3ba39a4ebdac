import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { reauthoriseAllServices } from "../../../src/http/endpoints/reauthorise-all-services.js";
import { answerParent } from "./answer-parent.js";
import { cardId, subscriptionId } from "./cards.js";

/** What to send, and how. */
export interface WebLoad {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** Calls in all. */
  readonly count: number;
  /** The number of the first create; its card follows from it. */
  readonly first: number;
  /** Cards to send for: from 0 to this, which is not among them. */
  readonly cards: number;
  /** Each has one call under way, as clients of HTTP/1.1 do. */
  readonly connections: number;
}

export interface WebLoaded {
  readonly ms: number;
  readonly answered: number;
  readonly cpuSeconds: number;
  /** Of the last body. */
  readonly responseBytes: number;
}

const NO_ID = "00000000-0000-4000-8000-000000000000";
const HEAD_END = Buffer.from("\r\n\r\n");

/** Generates calls on bare sockets: a client of HTTP would need more than the server measured. */
class Generator {
  readonly #load: WebLoad;
  readonly #request: (create: number) => Buffer;
  #started = 0;
  #answered = 0;
  #responseBytes = 0;

  constructor(load: WebLoad) {
    this.#load = load;
    this.#request = requestMaker(load);
  }

  async run(): Promise<WebLoaded> {
    const sockets = await Promise.all(
      Array.from({ length: this.#load.connections }, () => this.#connect()),
    );
    const cpu = process.cpuUsage();
    const started = performance.now();
    try {
      await Promise.all(sockets.map((socket) => this.#use(socket)));
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    const { user, system } = process.cpuUsage(cpu);
    return {
      ms: performance.now() - started,
      answered: this.#answered,
      cpuSeconds: (user + system) / 1e6,
      responseBytes: this.#responseBytes,
    };
  }

  #connect(): Promise<Socket> {
    const { host, port } = this.#load;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
      socket.once("error", reject);
    });
  }

  /** Sends one call after the other over a connection, until all are sent. */
  #use(socket: Socket): Promise<void> {
    const { count, first } = this.#load;
    return new Promise((resolve, reject) => {
      const next = () => {
        if (this.#started >= count) {
          resolve();
          return;
        }
        socket.write(this.#request(first + this.#started));
        this.#started += 1;
      };
      let received: Buffer | undefined;
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("the server closed a connection")));
      socket.on("data", (chunk: Buffer) => {
        received = received === undefined ? chunk : Buffer.concat([received, chunk]);
        const bytes = bodyLength(received);
        if (bytes === undefined) return;
        if (received.toString("latin1", 9, 12) !== "200") {
          reject(new Error(`a call was answered ${received.toString()}`));
          return;
        }
        received = undefined;
        this.#responseBytes = bytes;
        this.#answered += 1;
        next();
      });
      next();
    });
  }
}

/** The length of the body, once all of it is there. */
function bodyLength(received: Buffer): number | undefined {
  const end = received.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const head = received.toString("latin1", 0, end);
  const bytes = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  return received.length >= end + HEAD_END.length + bytes ? bytes : undefined;
}

/** Made once and patched: the generator shares the machine with what it measures. */
function requestMaker({ token, cards }: WebLoad): (create: number) => Buffer {
  const body = JSON.stringify({
    subscription_identifier: { id: subscriptionId(0) },
    smartcard_identifier: { id: cardId(0) },
    request_id: NO_ID,
  });
  const head = [
    `POST ${reauthoriseAllServices.path} HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${token}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const template = Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
  const at = (text: string) => template.indexOf(text);
  const places = { subscription: at(subscriptionId(0)), card: at(cardId(0)), id: at(NO_ID) };
  return (create) => {
    const request = Buffer.from(template);
    request.write(subscriptionId(create % cards), places.subscription, "latin1");
    request.write(cardId(create % cards), places.card, "latin1");
    request.write(randomUUID(), places.id, "latin1");
    return request;
  };
}

const api = {
  run: (load: WebLoad): Promise<WebLoaded> => new Generator(load).run(),
  path: async (): Promise<string> => reauthoriseAllServices.path,
};

export type WebLoadApi = typeof api;

answerParent(api);
