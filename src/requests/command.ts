/** What a command may do at a CA system when it is sent a second time under the same transaction. */
export type Resend =
  /** Sending it again changes nothing: it is sent until it is answered. */
  | "IDEMPOTENT"
  /** A second effect would be seen (a message shown twice): never sent again once it may have had one. */
  | "AT_MOST_ONCE";

/** Every CA-neutral command type with its rule on being sent again. */
export const COMMAND_TYPES = {
  REAUTHORISE_ALL_SERVICES: "IDEMPOTENT",
  SET_USER_PARAMETERS: "IDEMPOTENT",
  AUTHORISE_SERVICES: "IDEMPOTENT",
  CANCEL_SERVICES: "IDEMPOTENT",
  PAIR: "IDEMPOTENT",
  UNPAIR: "IDEMPOTENT",
  SEND_MAIL: "AT_MOST_ONCE",
  SEND_ON_SCREEN_MESSAGE: "AT_MOST_ONCE",
  DISPLAY_FINGERPRINT: "AT_MOST_ONCE",
  GET_ACTIVE_SERVICES: "IDEMPOTENT",
  GET_PAIRING_STATUS: "IDEMPOTENT",
} as const satisfies Record<string, Resend>;

/** A command that a CA system can be asked to carry out on one card. */
export type CommandType = keyof typeof COMMAND_TYPES;

/** True for the name of a command type. */
export function isCommandType(name: string): name is CommandType {
  return Object.hasOwn(COMMAND_TYPES, name);
}

/** A service under both its names: the code that callers know, and its id at the CA system. */
export interface MappedService {
  readonly code: string;
  readonly caId: string;
}

/** A set-top box, and the id by which the card's CA system knows it. */
export interface SetTopBox {
  readonly id: string;
  readonly serialNumber: string;
  readonly alternativeCode?: string;
  readonly caId: string;
}

/**
 * A command with its parameters, addressed: what a later change of the inventory or of a provider's
 * services does not touch, so that one transaction always carries the same bytes. PINs are not
 * here: they travel beside it, encrypted at rest. Dates are milliseconds since 1970 UTC.
 */
export type Command =
  | { readonly type: "REAUTHORISE_ALL_SERVICES" }
  | { readonly type: "SET_USER_PARAMETERS"; readonly pinOperation: "RESET" | "SET" }
  | {
      readonly type: "AUTHORISE_SERVICES";
      readonly services: readonly MappedService[];
      /** When the right begins; absent: at once. */
      readonly start?: number;
      /** When it ends; absent: with a cancellation. */
      readonly end?: number;
    }
  | { readonly type: "CANCEL_SERVICES"; readonly services: readonly MappedService[] }
  | { readonly type: "PAIR"; readonly setTopBox: SetTopBox }
  | { readonly type: "UNPAIR" }
  | { readonly type: "SEND_MAIL"; readonly text: string }
  | {
      readonly type: "SEND_ON_SCREEN_MESSAGE";
      readonly text: string;
      readonly durationSeconds: number;
      /** From the beginning of one showing to the next; absent: it is shown once. */
      readonly repeatIntervalSeconds?: number;
    }
  | { readonly type: "DISPLAY_FINGERPRINT"; readonly durationSeconds: number }
  | { readonly type: "GET_ACTIVE_SERVICES" }
  | { readonly type: "GET_PAIRING_STATUS" };

/** The one type of command that a PIN may go with. */
export const PIN_COMMAND = "SET_USER_PARAMETERS" satisfies CommandType;

/** True for a command that a PIN goes with. */
export function carriesPin(command: {
  readonly type: CommandType;
  readonly pinOperation?: "RESET" | "SET";
}): boolean {
  return command.type === PIN_COMMAND && command.pinOperation === "SET";
}

/** True for a command that is a type and nothing else. */
export function isBare(command: object): boolean {
  for (const name in command) if (name !== "type") return false;
  return true;
}
