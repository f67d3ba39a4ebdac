import type { RequestReader } from "../codec.js";
import type { ProtocolError, Request } from "../message.js";
import { headerLength, maxMessageLength, protocolVersion } from "./header.js";
import { readRequest } from "./read-request.js";

const nothing = Buffer.alloc(0);

/**
 * Cuts a byte stream into frames. Holds less than one frame beyond the last chunk, because the
 * caller takes every whole frame before it pushes more.
 */
export class FrameReader implements RequestReader {
  #pending: Buffer = nothing;

  get partial(): boolean {
    return this.#pending.length > 0;
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
  }

  next(): Request | ProtocolError | undefined {
    const pending = this.#pending;
    if (pending.length === 0) return undefined;
    // One byte is enough to know a stranger: no need to wait for a header that may never come.
    const version = pending.readUInt8(0);
    if (version !== protocolVersion) return error(`protocol version ${version}`);
    if (pending.length < headerLength) return undefined;
    const length = pending.readUInt16BE(3);
    if (length > maxMessageLength) return error(`message of ${length} bytes`);
    const end = headerLength + length;
    if (pending.length < end) return undefined;
    this.#pending = pending.length === end ? nothing : pending.subarray(end);
    return readRequest(pending.subarray(0, end));
  }
}

function error(reason: string): ProtocolError {
  return { kind: "protocol_error", reason };
}
