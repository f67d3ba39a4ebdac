import type { CommandFault } from "../../../requests/command-draft.js";
import { type CommandVariableName, commandVariable } from "../template/command-variables.js";
import { isKeptVariable } from "../template/send-variables.js";

/** The part of a command that each variable is taken from. In the order in which one is blamed. */
const PARTS = {
  text: "text",
  duration: "duration",
  repeat_interval: "repeat_interval",
  services: "services",
  start: "start",
  end: "end",
  pin: "pin",
  set_top_box_ca_id: "set_top_box",
  ca_id: "smartcard",
  subscription_number: "subscription_number",
  pin_operation: undefined,
  transaction: undefined,
} as const satisfies Readonly<Record<CommandVariableName, CommandFault["part"] | undefined>>;

const ORDER = Object.entries(PARTS);

/** The part that is to blame when a field made of these variables cannot be written. */
export function blamed(variables: readonly string[]): CommandFault["part"] | undefined {
  return ORDER.find(([name, part]) => part !== undefined && variables.includes(name))?.[1];
}

/** Something of it is known only once a session stands. */
export function needsSession(variables: Iterable<string>): boolean {
  return [...variables].some(isKeptVariable);
}

/** True for a field that is made of this variable of the command, and of no other. */
export function madeOf(variables: readonly string[], variable: CommandVariableName): boolean {
  const own = variables.filter((name) => commandVariable(name) !== undefined);
  return own.length > 0 && own.every((name) => name === variable) && !needsSession(variables);
}

/** What callers may leave out, and that a message must then have room for when they do not. */
export const OPTIONAL_PARTS = [
  { part: "start", key: "start" },
  { part: "end", key: "end" },
  { part: "repeat_interval", key: "repeatIntervalSeconds" },
] as const satisfies readonly { part: CommandVariableName & CommandFault["part"]; key: string }[];
