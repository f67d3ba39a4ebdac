import type { Command } from "../../../requests/command.js";
import type { CaCommand } from "../../ca-adapter.js";
import type { Value, ValueKind } from "../fields/value.js";

interface CommandVariable {
  readonly kind: ValueKind;
  /** Masked wherever it is shown. */
  readonly secret?: true;
  /** It has several values: a field that takes it is written once for each. */
  readonly list?: true;
  readonly get: (sending: CaCommand) => Value | readonly Value[] | undefined;
}

/**
 * What templates may take from a command, by name. A new command adds what it carries here, and
 * its line below.
 */
export const COMMAND_VARIABLES = {
  transaction: { kind: "number", get: ({ transaction }) => transaction },
  ca_id: { kind: "text", get: ({ caId }) => caId },
  subscription_number: { kind: "text", get: ({ subscriptionNumber }) => subscriptionNumber },
  pin_operation: {
    kind: "text",
    get: ({ command }) => ("pinOperation" in command ? command.pinOperation : undefined),
  },
  pin: { kind: "text", secret: true, get: ({ pin }) => pin },
} as const satisfies Record<string, CommandVariable>;

export type CommandVariableName = keyof typeof COMMAND_VARIABLES;

/** What every command carries. */
const ALWAYS = ["transaction", "ca_id", "subscription_number"] as const;

/** The variables that each command has; the commands here are those that a profile can say. */
export const VARIABLES_OF: Readonly<Record<Command["type"], readonly CommandVariableName[]>> = {
  REAUTHORISE_ALL_SERVICES: ALWAYS,
  SET_USER_PARAMETERS: [...ALWAYS, "pin_operation", "pin"],
};

/** The entry of a name, with what only some of them have; undefined when there is none. */
export function commandVariable(name: string): CommandVariable | undefined {
  return Object.hasOwn(COMMAND_VARIABLES, name)
    ? COMMAND_VARIABLES[name as CommandVariableName]
    : undefined;
}
