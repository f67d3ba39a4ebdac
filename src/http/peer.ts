import type { IncomingMessage } from "node:http";
import { formatAddress } from "../config/address.js";

/** The address of who sent a request, as long as the connection is there. */
export function peerOf({ socket }: IncomingMessage): string {
  const { remoteAddress, remotePort } = socket;
  return remoteAddress === undefined
    ? "unknown"
    : formatAddress({ host: remoteAddress, port: remotePort ?? 0 });
}
