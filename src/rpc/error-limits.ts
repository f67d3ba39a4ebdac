/** How large an error may get on the wire. */
export interface ErrorLimits {
  /** Faults that are told one by one; the rest is counted. */
  readonly faults: number;
  /** Bytes of the serialised `google.rpc.Status`. */
  readonly statusBytes: number;
  /** Bytes of the message when percent-encoded, as the `grpc-message` trailer is. */
  readonly messageBytes: number;
}

/**
 * An error that ends a call. Clients take trailers of 8 KiB at most (the default of gRPC's C core;
 * beyond it calls fail or hang): 4 KiB of status are 5.5 KiB in base64, and with the message the
 * trailers stay below 7.5 KiB.
 */
export const CALL_ERROR_LIMITS: ErrorLimits = {
  faults: 20,
  statusBytes: 4096,
  messageBytes: 1536,
};

/** An error beside a thousand others in one response, which holds 4 MiB at most. */
export const ITEM_ERROR_LIMITS: ErrorLimits = { faults: 5, statusBytes: 1024, messageBytes: 384 };
