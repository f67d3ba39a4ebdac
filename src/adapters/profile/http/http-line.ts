import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import { readTlsFiles } from "../transport/tls-files.js";
import type { HttpAnswer } from "./answer-reader.js";
import { decodeBody } from "./content-coding.js";
import type { WrittenRequest } from "./request-layout.js";

/** An idle connection is closed before most servers would: a request must not meet their closing. */
const IDLE_MS = 4_000;

/** Who is told what becomes of one request: once `answered` or `failed`, and nothing after it. */
export interface RequestUser {
  /**
   * Asked when it has a connection, right before its first byte leaves: false if it must not, and
   * is to be dropped. After true, bytes of it may have reached the CA system.
   */
  mayLeave(): boolean;
  answered(answer: HttpAnswer): void;
  failed(reason: string): void;
}

/** The connections to one CA system that requests share, kept alive between them. */
export class HttpLine {
  readonly #settings: ConnectionSettings;
  readonly #agent: Agent;
  readonly #maxBody: number;
  readonly #sockets = new Set<Socket>();
  #whenEmpty: (() => void) | undefined;

  /** Throws when a file of the TLS settings cannot be read. */
  constructor(settings: ConnectionSettings, maxBody: number) {
    this.#settings = settings;
    this.#maxBody = maxBody;
    const { tls, window } = settings;
    // Those that were given up may still be answered while others go.
    const options = { keepAlive: true, maxSockets: 2 * window + 2, timeout: IDLE_MS };
    this.#agent =
      tls === undefined
        ? new Agent(options)
        : new SecureAgent({
            ...options,
            ...readTlsFiles(tls),
            ...(tls.servername !== undefined && { servername: tls.servername }),
          });
  }

  /** Sends a request; what is returned drops it, after which its user hears nothing. */
  send(written: WrittenRequest, user: RequestUser): () => void {
    const { host, port, tls, basePath } = this.#settings;
    const { method, headers, body } = written;
    const path = basePath + written.path;
    const make = tls === undefined ? httpRequest : httpsRequest;
    const request = make({ agent: this.#agent, host, port, method, path, headers: { ...headers } });
    let over = false;
    const end = (tell: () => void) => {
      if (over) return;
      over = true;
      tell();
    };
    const fail = (reason: string) =>
      end(() => {
        request.destroy();
        user.failed(reason);
      });
    request.on("socket", (socket) => {
      this.#track(socket);
      whenReady(socket, tls !== undefined, () => {
        if (!over && user.mayLeave()) request.end(body);
      });
    });
    request.on("error", (error: NodeJS.ErrnoException) =>
      fail(`the connection failed: ${error.code ?? error.message}`),
    );
    request.on("response", (response) =>
      collect(response, this.#maxBody, fail, (answer) => end(() => user.answered(answer))),
    );
    // Without this an answer that changes the protocol would leave everybody waiting.
    request.on("upgrade", () => fail("the CA system changed the protocol"));
    return () => end(() => drop(request));
  }

  /** Closes everything; resolves when no socket is left. */
  close(): Promise<void> {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
    });
  }

  #track(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#whenEmpty?.();
    });
  }
}

function drop(request: ClientRequest): void {
  request.on("error", () => undefined);
  request.destroy();
}

function whenReady(socket: Socket, secure: boolean, ready: () => void): void {
  if (secure && (socket as TLSSocket & { secureConnecting?: boolean }).secureConnecting === true) {
    socket.once("secureConnect", ready);
  } else if (socket.connecting) socket.once("connect", ready);
  else ready();
}

function collect(
  response: IncomingMessage,
  maxBody: number,
  fail: (reason: string) => void,
  done: (answer: HttpAnswer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBody) fail(`an answer of more than ${maxBody} bytes`);
    else chunks.push(chunk);
  });
  response.on("error", (error: NodeJS.ErrnoException) =>
    fail(`the connection failed: ${error.code ?? error.message}`),
  );
  response.on("close", () => {
    if (!response.complete) {
      fail("the CA system broke off its answer");
      return;
    }
    const { statusCode: status = 0, headers } = response;
    const decoded = decodeBody(headers["content-encoding"], Buffer.concat(chunks), maxBody);
    if ("body" in decoded) done({ status, headers, body: decoded.body });
    else if (decoded.fault === "too long") fail(`an answer of more than ${maxBody} bytes`);
    // The status was told; of the body there is nothing.
    else done({ status, headers, body: Buffer.alloc(0) });
  });
}
