import type { CommandType } from "../../../requests/command.js";
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
  services: {
    kind: "text",
    list: true,
    get: ({ command }) =>
      "services" in command ? command.services.map(({ caId }) => caId) : undefined,
  },
  start: { kind: "date", get: ({ command }) => ("start" in command ? command.start : undefined) },
  end: { kind: "date", get: ({ command }) => ("end" in command ? command.end : undefined) },
  set_top_box_ca_id: {
    kind: "text",
    get: ({ command }) => ("setTopBox" in command ? command.setTopBox.caId : undefined),
  },
  text: { kind: "text", get: ({ command }) => ("text" in command ? command.text : undefined) },
  duration: {
    kind: "number",
    get: ({ command }) => ("durationSeconds" in command ? command.durationSeconds : undefined),
  },
  repeat_interval: {
    kind: "number",
    get: ({ command }) =>
      "repeatIntervalSeconds" in command ? command.repeatIntervalSeconds : undefined,
  },
} as const satisfies Record<string, CommandVariable>;

export type CommandVariableName = keyof typeof COMMAND_VARIABLES;

/** What every command carries. */
const ALWAYS = ["transaction", "ca_id", "subscription_number"] as const;

/** The variables that each command has. */
export const VARIABLES_OF: Readonly<Record<CommandType, readonly CommandVariableName[]>> = {
  REAUTHORISE_ALL_SERVICES: ALWAYS,
  SET_USER_PARAMETERS: [...ALWAYS, "pin_operation", "pin"],
  AUTHORISE_SERVICES: [...ALWAYS, "services", "start", "end"],
  CANCEL_SERVICES: [...ALWAYS, "services"],
  PAIR: [...ALWAYS, "set_top_box_ca_id"],
  UNPAIR: ALWAYS,
  SEND_MAIL: [...ALWAYS, "text"],
  SEND_ON_SCREEN_MESSAGE: [...ALWAYS, "text", "duration", "repeat_interval"],
  DISPLAY_FINGERPRINT: [...ALWAYS, "duration"],
  GET_ACTIVE_SERVICES: ALWAYS,
  GET_PAIRING_STATUS: ALWAYS,
};

/** The entry of a name, with what only some of them have; undefined when there is none. */
export function commandVariable(name: string): CommandVariable | undefined {
  return Object.hasOwn(COMMAND_VARIABLES, name)
    ? COMMAND_VARIABLES[name as CommandVariableName]
    : undefined;
}
