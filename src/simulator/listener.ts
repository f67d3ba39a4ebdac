import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "./clock.js";
import type { Codec } from "./codec.js";
import { Connection, type ConnectionListener } from "./connection.js";

/** Connections at a time; more are closed as they come. */
const maxConnections = 1024;

/** Where a simulator listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Takes connections, and can stop and begin again on the same port. */
export class Listener {
  readonly #codec: Codec;
  readonly #clock: Clock;
  readonly #system: ConnectionListener;
  readonly #connections = new Map<Socket, Connection>();
  #address: Address;
  #server: Server | undefined;

  constructor(address: Address, codec: Codec, clock: Clock, system: ConnectionListener) {
    this.#address = address;
    this.#codec = codec;
    this.#clock = clock;
    this.#system = system;
  }

  async listen(): Promise<Address> {
    if (this.#server !== undefined) throw new Error("the simulator listens already");
    // Half open: else Node ends our side with theirs, before the last answers are written.
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#connected(socket));
    this.#server = server;
    // A connection that could not be accepted fails on its own side; the others go on.
    server.on("error", () => {});
    try {
      // Rejects with the server's error, so that a port in use reaches the caller.
      await once(server.listen(this.#address), "listening");
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    const bound = server.address();
    // A port once given stays, so that providers find the simulator again.
    if (bound !== null && typeof bound === "object") {
      this.#address = { host: this.#address.host, port: bound.port };
    }
    return this.#address;
  }

  stopListening(): void {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    // Closes the listening socket at once. Its own callback would wait for every connection.
    server.close();
  }

  /** Resolves when every connection is closed. */
  async disconnectAll(): Promise<void> {
    // Not events.once: it rejects on the error of a socket that breaks at this very moment.
    const closed = [...this.#connections.keys()].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    for (const connection of this.#connections.values()) connection.destroy();
    await Promise.all(closed);
  }

  #connected(socket: Socket): void {
    if (this.#connections.size >= maxConnections) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.#codec, this.#clock, this.#system);
    this.#connections.set(socket, connection);
    socket.on("close", () => this.#connections.delete(socket));
  }
}
