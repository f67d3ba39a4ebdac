import { type Command, type CommandType, isCommandType } from "../../requests/command.js";
import type { CaCommand } from "../ca-adapter.js";
import type { Message, MessageName, Parameter } from "./messages.js";

interface Entry<C extends Command> {
  readonly message: MessageName;
  /** What follows the transaction and the card, in the order of the profile. */
  readonly parameters: (command: C, sending: CaCommand) => readonly Parameter[];
}

type Entries = {
  readonly [T in Command["type"]]?: Entry<Extract<Command, { readonly type: T }>>;
};

// A command that the profile has and this table has not is one entry away.
const COMMANDS: Entries = {
  REAUTHORISE_ALL_SERVICES: {
    message: "REAUTHORISE_ALL_SERVICES",
    parameters: (_, { subscriptionNumber }) => [["subscription_number", subscriptionNumber]],
  },
  SET_USER_PARAMETERS: {
    message: "SET_USER_PARAMETERS",
    parameters: ({ pinOperation }, { pin }) =>
      pinOperation === "RESET"
        ? [["pin_operation", 1]]
        : [
            ["pin_operation", 2],
            // Without a PIN an empty one goes out, which the CA system refuses as invalid.
            ["pin", pin ?? ""],
          ],
  },
};

/** The commands that the profile can say and this table has. */
export const SUPPORTED_COMMANDS: ReadonlySet<CommandType> = new Set(
  Object.keys(COMMANDS).filter(isCommandType),
);

/** The message that carries a command. Throws a RangeError for a command the table has not. */
export function commandMessage(sending: CaCommand): Message {
  const { command } = sending;
  // The table is keyed by type, so the entry takes this very command; the compiler cannot see it.
  const entry = COMMANDS[command.type] as Entry<Command> | undefined;
  if (entry === undefined) throw new RangeError(`${command.type} is not supported`);
  return {
    name: entry.message,
    parameters: [
      ["transaction", sending.transaction],
      ["smartcard_ca_id", sending.caId],
      ...entry.parameters(command, sending),
    ],
  };
}
