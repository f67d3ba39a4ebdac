import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** Long enough for the server to carry out a COMMIT that it was given. */
const COMMITTED_MS = 200;

/** A way to PostgreSQL that loses the answer to one COMMIT, and the connection with it. */
export interface LosingRelay {
  readonly port: number;
  /** Resolves when that has happened. */
  readonly lost: Promise<void>;
  close(): void;
}

/** Lets the COMMIT that follows a statement through, and nothing back; once. */
export async function losingRelay(
  to: { host: string; port: number },
  statement: string,
): Promise<LosingRelay> {
  let tell: () => void = () => undefined;
  const lost = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let done = false;
  const server = createServer((near) => {
    const far = connect(to);
    let armed = false;
    let deaf = false;
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("data", (bytes) => {
      far.write(bytes);
      armed ||= bytes.includes(statement);
      if (done || !armed || !bytes.includes("COMMIT")) return;
      done = deaf = true;
      setTimeout(() => {
        near.resetAndDestroy();
        far.destroy();
        tell();
      }, COMMITTED_MS);
    });
    far.on("data", (bytes) => {
      if (!deaf) near.write(bytes);
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    lost,
    close: () => void server.close(),
  };
}
