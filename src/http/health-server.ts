import { createServer, type Server } from "node:http";
import { type Address, formatAddress } from "../config/address.js";
import { CannotListen } from "../config/cannot-listen.js";

export interface HealthServerOptions {
  readonly address: Address;
  /** True while calls are taken and the database answers. */
  readonly ready: () => Promise<boolean>;
}

/**
 * Answers what orchestrators ask over HTTP: `/livez` says that the process turns over, `/readyz`
 * that calls can be sent to it. Up before everything else and down after everything else.
 */
export class HealthServer {
  readonly #server: Server;
  readonly #address: Address;

  constructor({ address, ready }: HealthServerOptions) {
    this.#address = address;
    // Requests without a body and of a few headers: whoever sends more, or slowly, is cut off.
    const limits = { requestTimeout: 5000, headersTimeout: 5000, maxHeaderSize: 8192 };
    this.#server = createServer(limits, (request, response) => {
      const answer = (status: number, text: string) => {
        response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
        response.end(`${text}\n`);
      };
      if (request.method !== "GET" && request.method !== "HEAD") answer(405, "method not allowed");
      else if (request.url === "/livez") answer(200, "ok");
      else if (request.url === "/readyz") {
        void ready().then(
          (yes) => answer(yes ? 200 : 503, yes ? "ok" : "not ready"),
          () => answer(503, "not ready"),
        );
      } else answer(404, "not found");
    });
    this.#server.maxConnections = 100;
  }

  /** Resolves with `host:port`, the port being the real one. */
  async listen(): Promise<string> {
    const { host, port } = this.#address;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (cause) => {
        const where = formatAddress(this.#address);
        reject(new CannotListen(`cannot listen for HTTP on ${where}: ${cause.message}`, { cause }));
      });
      this.#server.listen(port, host, resolve);
    });
    const bound = this.#server.address();
    return formatAddress({ host, port: typeof bound === "object" && bound ? bound.port : port });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
