import type { ServerUnaryCall } from "@grpc/grpc-js";

/** The caller's address, as long as the connection is there. */
export function peerOf(call: Pick<ServerUnaryCall<unknown, unknown>, "getPeer">): string {
  try {
    return call.getPeer();
  } catch {
    return "unknown";
  }
}
