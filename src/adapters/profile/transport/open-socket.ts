import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import { readTlsFiles } from "./tls-files.js";

/** A connection that is being made. */
export interface OpenedSocket {
  readonly socket: Socket;
  /** The event that says it can be used. */
  readonly ready: "connect" | "secureConnect";
}

/** Opens a connection. Throws when a file of the TLS settings cannot be read. */
export function openSocket({ host, port, tls }: ConnectionSettings): OpenedSocket {
  if (tls === undefined) {
    return { socket: connectTcp({ host, port, noDelay: true }), ready: "connect" };
  }
  const socket = connectTls({
    host,
    port,
    ...(tls.servername !== undefined && { servername: tls.servername }),
    ...readTlsFiles(tls),
  });
  socket.setNoDelay(true);
  return { socket, ready: "secureConnect" };
}
