/** The canonical gRPC status names that this service answers with. */
export type StatusName =
  | "INVALID_ARGUMENT"
  | "UNAUTHENTICATED"
  | "PERMISSION_DENIED"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "FAILED_PRECONDITION"
  | "ABORTED"
  | "RESOURCE_EXHAUSTED"
  | "UNAVAILABLE"
  | "CANCELLED"
  | "DEADLINE_EXCEEDED"
  | "UNIMPLEMENTED"
  | "INTERNAL";

interface ReasonEntry {
  readonly status: StatusName;
  /** What happened, for people; the message of an error that carries no text of its own. */
  readonly text: string;
}

/**
 * Every reason an error of this service can carry, with its status. The order is the precedence:
 * of several faults of one call, the first in this table gives the call its status and reason.
 */
export const REASONS = {
  TOKEN_MISSING: { status: "UNAUTHENTICATED", text: "the call carries no token" },
  TOKEN_INVALID: {
    status: "UNAUTHENTICATED",
    text: "the token is unknown, released or past its expiry",
  },
  CREDENTIALS_INVALID: { status: "UNAUTHENTICATED", text: "unknown user or wrong password" },
  ORIGIN_NOT_ALLOWED: {
    status: "PERMISSION_DENIED",
    text: "without authentication no page of another site may call",
  },
  ROLE_MISSING: { status: "PERMISSION_DENIED", text: "the user lacks the role for this call" },
  MALFORMED_MESSAGE: {
    status: "INVALID_ARGUMENT",
    text: "the request bytes are not a valid message of the call's type",
  },
  INVALID_REQUEST: {
    status: "INVALID_ARGUMENT",
    text: "the request breaks the rules of its fields",
  },
  VALUE_NOT_SENDABLE: {
    status: "INVALID_ARGUMENT",
    text: "the protocol of the card's provider cannot say a value of the call",
  },
  SUBSCRIPTION_NOT_FOUND: { status: "NOT_FOUND", text: "no such subscription" },
  SMARTCARD_NOT_FOUND: { status: "NOT_FOUND", text: "no such smartcard" },
  SET_TOP_BOX_NOT_FOUND: { status: "NOT_FOUND", text: "no such set-top box" },
  PROVISIONING_REQUEST_NOT_FOUND: { status: "NOT_FOUND", text: "no such provisioning request" },
  RUN_NOT_FOUND: { status: "NOT_FOUND", text: "no such run" },
  RUN_DEFINITION_NOT_FOUND: { status: "NOT_FOUND", text: "no such run definition" },
  PROVIDER_NOT_FOUND: { status: "NOT_FOUND", text: "no such provider" },
  METHOD_NOT_FOUND: { status: "UNIMPLEMENTED", text: "the server has no such method" },
  SMARTCARD_NOT_OF_SUBSCRIPTION: {
    status: "FAILED_PRECONDITION",
    text: "the smartcard belongs to another subscription",
  },
  ITEM_NOT_A_SMARTCARD: {
    status: "FAILED_PRECONDITION",
    text: "the installed item is not a smartcard",
  },
  SMARTCARD_WITHOUT_PROVIDER: {
    status: "FAILED_PRECONDITION",
    text: "the smartcard has no provider and CA id",
  },
  PROVIDER_NOT_EFFECTIVE: {
    status: "FAILED_PRECONDITION",
    text: "the provider's life cycle state is NOT_EFFECTIVE",
  },
  PROVIDER_NOT_PULLED: {
    status: "FAILED_PRECONDITION",
    text: "the service sends this provider's requests itself: its protocol is not pull",
  },
  COMMAND_NOT_SUPPORTED: {
    status: "FAILED_PRECONDITION",
    text: "the provider does not support the command",
  },
  SERVICE_NOT_MAPPED: {
    status: "FAILED_PRECONDITION",
    text: "the provider has no CA id for the service",
  },
  SET_TOP_BOX_NOT_OF_SUBSCRIPTION: {
    status: "FAILED_PRECONDITION",
    text: "the set-top box belongs to another subscription",
  },
  ITEM_NOT_A_SET_TOP_BOX: {
    status: "FAILED_PRECONDITION",
    text: "the installed item is not a set-top box",
  },
  SET_TOP_BOX_WITHOUT_PROVIDER: {
    status: "FAILED_PRECONDITION",
    text: "the set-top box has no provider and CA id",
  },
  SET_TOP_BOX_OF_OTHER_PROVIDER: {
    status: "FAILED_PRECONDITION",
    text: "the set-top box is known to another provider than the card",
  },
  INVENTORY_NOT_SENDABLE: {
    status: "FAILED_PRECONDITION",
    text: "the protocol of the card's provider cannot say what the inventory has",
  },
  NO_CARD_TO_RESET: {
    status: "FAILED_PRECONDITION",
    text: "no card of the subscription has a provider",
  },
  TOO_MANY_CARDS: {
    status: "FAILED_PRECONDITION",
    text: "the subscription has more cards than one call resets",
  },
  STATE_NOT_ALLOWED: {
    status: "FAILED_PRECONDITION",
    text: "the life cycle state of the provisioning request does not allow it",
  },
  DEFINED_IN_FILE: {
    status: "FAILED_PRECONDITION",
    text: "the configuration file defines it: change it there",
  },
  RUN_ALREADY_ACTIVE: {
    status: "FAILED_PRECONDITION",
    text: "a run of this definition is active",
  },
  RUN_DEFINITION_NOT_EFFECTIVE: {
    status: "FAILED_PRECONDITION",
    text: "the run definition's life cycle state is NOT_EFFECTIVE",
  },
  REQUEST_ID_REUSED: {
    status: "ALREADY_EXISTS",
    text: "the request_id was used before with another body",
  },
  VALUE_IN_USE: { status: "ALREADY_EXISTS", text: "a value that must be unique is in use" },
  VERSION_CHANGED: {
    status: "ABORTED",
    text: "it was changed since it was read: read it again and decide anew",
  },
  OVERLOADED: {
    status: "RESOURCE_EXHAUSTED",
    text: "the service has more of this work than it can take now",
  },
  DATABASE_UNAVAILABLE: {
    status: "UNAVAILABLE",
    text: "the database does not answer; repeat the call, with the same request_id if it creates",
  },
  STARTING: { status: "UNAVAILABLE", text: "the service is starting" },
  STOPPING: { status: "UNAVAILABLE", text: "the service is stopping" },
  CALL_CANCELLED: { status: "CANCELLED", text: "the caller cancelled the call" },
  DEADLINE_EXCEEDED: { status: "DEADLINE_EXCEEDED", text: "the call's deadline passed" },
  INTERNAL: { status: "INTERNAL", text: "an internal error; the service's log has the details" },
} as const satisfies Record<string, ReasonEntry>;

/** A stable, machine-readable name of why a call failed. */
export type Reason = keyof typeof REASONS;

const ORDER = new Map(Object.keys(REASONS).map((reason, index) => [reason, index]));

/** Sorts reasons by precedence: negative when `a` comes first. */
export function compareReasons(a: Reason, b: Reason): number {
  return (ORDER.get(a) ?? 0) - (ORDER.get(b) ?? 0);
}
