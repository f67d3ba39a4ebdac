import type { ServerOptions } from "@grpc/grpc-js";

const MIB = 1024 * 1024;

/** Messages either way; the default of gRPC clients, who would refuse larger responses. */
export const MAX_MESSAGE_BYTES = 4 * MIB;

/**
 * Calls in flight in the process. Ones that wait for a CA system last up to 15 s and cost some
 * kilobytes each, so this is sized by memory, not by throughput.
 */
export const MAX_CALLS_IN_FLIGHT = 4096;

/**
 * The limits of grpc-js that are set on purpose. It has none for headers: Node's 64 KiB apply.
 * Pings of clients are not policed, so keep-alive without calls is permitted.
 */
export const SERVER_OPTIONS: ServerOptions = {
  // 1,000 creates with every text at its longest are some 2.2 MB.
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  // Of one connection; what a client starts beyond that waits at the client.
  "grpc.max_concurrent_streams": 1000,
  // A client that vanished without a word is noticed after 80 s at most.
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
  // Clients come back after an hour, so that a new instance gets its share of them. The grace is
  // long for the sake of imports, which are one call each.
  "grpc.max_connection_age_ms": 3_600_000,
  "grpc.max_connection_age_grace_ms": 1_800_000,
  // Statistics for each call that nobody reads.
  "grpc.enable_channelz": 0,
};
