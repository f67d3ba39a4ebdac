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

/** A command with its parameters. PINs are not here: they travel beside it, encrypted at rest. */
export type Command =
  | { readonly type: "REAUTHORISE_ALL_SERVICES" }
  | { readonly type: "SET_USER_PARAMETERS"; readonly pinOperation: "RESET" | "SET" };

/** True for a command that a PIN goes with. */
export function carriesPin(command: Command): boolean {
  return command.type === "SET_USER_PARAMETERS" && command.pinOperation === "SET";
}
