import { once } from "node:events";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { SERVER_TLS } from "./certificate.js";

/** A server over HTTPS on a free port. */
export class SecureServer {
  readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async listen(listener?: RequestListener): Promise<SecureServer> {
    const server = createServer(SERVER_TLS, listener);
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SecureServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
