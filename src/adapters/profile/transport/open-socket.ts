import { connect as connectTcp, isIP, type Socket } from "node:net";
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
  const { servername = isIP(host) === 0 ? host : undefined } = tls;
  const socket = connectTls({
    host,
    port,
    // An address is no name to ask for.
    ...(servername !== undefined && { servername }),
    ...readTlsFiles(tls),
  });
  socket.setNoDelay(true);
  return { socket, ready: "secureConnect" };
}
