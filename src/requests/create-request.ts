import type { Priority } from "./priority.js";
import type { RequestedCommand } from "./requested-command.js";
import type { Fault } from "./service-error.js";

/** A subscription as callers name it. */
export type SubscriptionIdentifier = { readonly by: "id" | "number"; readonly value: string };

/** A smartcard as callers name it. */
export type SmartcardIdentifier = {
  readonly by: "id" | "serial_number" | "alternative_code";
  readonly value: string;
};

/** A well-formed wish for a provisioning request: its fields are checked, its names not yet looked up. */
export interface CreateRequest {
  readonly command: RequestedCommand;
  readonly subscription: SubscriptionIdentifier;
  readonly smartcard: SmartcardIdentifier;
  /** Sent within the call. Excludes a scheduledDate in the future. */
  readonly processImmediately: boolean;
  /** Not sent before; a past one means now. Milliseconds since 1970 UTC. */
  readonly scheduledDate: number | undefined;
  readonly priority: Priority;
  /** Rejected as EXPIRED when it was not answered by then. */
  readonly expireDate: number | undefined;
  /** Unique for a principal: the same create again answers with the stored request. */
  readonly requestId: string | undefined;
  readonly callerReference: string | undefined;
  readonly onBehalfOf: string | undefined;
  readonly reason: string | undefined;
  readonly retryOf: string | undefined;
  /** The principal. */
  readonly createdBy: string;
  /**
   * Dates that had passed when it came: faults of a new request, but not of one that was stored
   * in time and is asked for again.
   */
  readonly outdated: readonly Fault[];
}

/** A create, and the PIN that goes with it in the clear: never stored or logged like this. */
export interface CreateWithPin {
  readonly create: CreateRequest;
  readonly pin: string | undefined;
}
