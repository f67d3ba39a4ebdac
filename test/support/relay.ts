import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between two ends of TCP connections, and can lose all that they say without a word. */
export interface Relay {
  readonly port: number;
  /** Takes connections and bytes from now on, and hands nothing on: as if the far host were gone. */
  vanish(): void;
  /** Loses all that is said on the connections there are, as a firewall does; new ones work. */
  forget(): void;
  /** The far host is back; connections from before know nothing of it and are reset. */
  comeBack(): void;
  close(): Promise<void>;
}

export async function startRelay(to: { host: string; port: number }): Promise<Relay> {
  const sockets = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  let gone = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // What happens to one end is told to the other by its closing.
    socket.on("error", () => undefined);
    return socket;
  };
  const pass = (from: Socket, on: Socket) => {
    const passes = () => !gone && !forgotten.has(from);
    from.on("data", (bytes) => {
      if (passes()) on.write(bytes);
    });
    from.on("close", () => {
      if (passes()) on.destroy();
    });
  };
  const server = createServer((near) => {
    keep(near);
    if (gone) return;
    const far = keep(connect(to));
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    vanish() {
      gone = true;
    },
    forget() {
      for (const socket of sockets) forgotten.add(socket);
    },
    comeBack() {
      for (const socket of sockets) socket.resetAndDestroy();
      gone = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
