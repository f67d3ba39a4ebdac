import { BinaryReader } from "@bufbuild/protobuf/wire";
import { ServiceError } from "../requests/service-error.js";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes);

/**
 * Reads the message of a call, or fails with MALFORMED_MESSAGE: on bytes that are no message of
 * the type, are left over, nest too deep, or hold text that is not UTF-8.
 *
 * grpc-js could do this itself before the handler runs, but would answer INTERNAL without details,
 * and would read the messages of callers who have no token.
 */
export function decodeRequest<Request>(
  deserialize: (bytes: Buffer) => Request,
  bytes: Buffer,
): Request {
  const reader = new BinaryReader(bytes, decodeUtf8);
  let message: Request;
  try {
    // A generated requestDeserialize hands its argument to the message's decode(), which takes a
    // reader as well as bytes; a reader of its own would replace bad UTF-8 by U+FFFD.
    message = deserialize(reader as unknown as Buffer);
  } catch (cause) {
    throw ServiceError.of("MALFORMED_MESSAGE", {}, { cause });
  }
  if (reader.pos !== reader.len) throw ServiceError.of("MALFORMED_MESSAGE");
  return message;
}
