import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { JSON_TYPE, refusal } from "./envelope.js";
import type { ProtocolFault } from "./protocol-fault.js";

/** What Node's parser and its timers report of a connection. */
type ClientError = Error & { readonly code?: string };

const FAULTS: ReadonlyMap<string, ProtocolFault> = new Map([
  ["HPE_HEADER_OVERFLOW", "HEADERS_TOO_LARGE"],
  ["ERR_HTTP_REQUEST_TIMEOUT", "REQUEST_TIMEOUT"],
]);

/**
 * Answers what is no HTTP request, or came too slowly, and closes the connection. Where
 * another answer is due, `isBusy`, nothing is written: it would be taken for that one.
 */
export function answerClientErrors(isBusy: (socket: Socket) => boolean) {
  return (error: ClientError, socket: Socket): void => {
    if (!socket.writable || error.code === "ECONNRESET" || isBusy(socket)) {
      socket.destroy();
      return;
    }
    const { http, body } = refusal(FAULTS.get(error.code ?? "") ?? "BAD_REQUEST");
    const head = [
      `HTTP/1.1 ${http} ${STATUS_CODES[http]}`,
      `content-type: ${JSON_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
  };
}
