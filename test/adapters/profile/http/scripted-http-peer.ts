import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** One request as it came, and the way to answer it. */
export interface PeerRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  answer(status: number, body: string, headers?: Readonly<Record<string, string>>): void;
  /** Breaks its connection. */
  cut(): void;
  /** The connection, to answer past HTTP. */
  readonly socket: Socket;
}

/** An HTTP server on which a test plays the CA system's part, request by request. */
export class ScriptedHttpPeer {
  readonly requests: PeerRequest[] = [];
  readonly port: number;
  /** How many there were so far. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #arrived: PeerRequest[] = [];
  readonly #waiting: ((request: PeerRequest) => void)[] = [];
  #whenIdle: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) for (const tell of this.#whenIdle.splice(0)) tell();
      });
    });
    server.on("request", (request, response) => void this.#take(request, response));
  }

  /** With certificate and key it speaks HTTPS. */
  static async listen(tls?: ServerOptions): Promise<ScriptedHttpPeer> {
    const server = tls === undefined ? createServer() : createSecureServer(tls);
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ScriptedHttpPeer(server);
  }

  /** The next request that no test has taken yet. */
  request(): Promise<PeerRequest> {
    const arrived = this.#arrived.shift();
    if (arrived !== undefined) return Promise.resolve(arrived);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when there is no connection. */
  idle(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Breaks every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    try {
      for await (const chunk of request) body += String(chunk);
    } catch {
      // Whoever asked has gone.
      return;
    }
    const taken: PeerRequest = {
      method: request.method ?? "",
      url: request.url ?? "",
      headers: request.headers,
      body,
      answer: (status, text, headers = {}) => {
        if (!response.writableEnded) response.writeHead(status, headers).end(text);
      },
      cut: () => request.socket.destroy(),
      socket: request.socket,
    };
    this.requests.push(taken);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#arrived.push(taken);
    else waiting(taken);
  }
}
