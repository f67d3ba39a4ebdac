import { type Command, isBare, isCommandType } from "../../requests/command.js";

/** The `parameters` column of a command; its type has a column of its own. */
export function parametersOf(command: Command): string {
  if (isBare(command)) return "{}";
  const { type, ...parameters } = command;
  return JSON.stringify(parameters);
}

/** A command from the `type` and `parameters` columns, which were written from one. */
export function commandOf(type: string, parameters: string): Command {
  if (!isCommandType(type)) throw new Error(`unknown command type in the database: ${type}`);
  return { type, ...(JSON.parse(parameters) as object) } as Command;
}
