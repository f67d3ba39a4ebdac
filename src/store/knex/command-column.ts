import { type Command, isCommandType } from "../../requests/command.js";

/** A command from the `type` and `parameters` columns, which were written from one. */
export function commandOf(type: string, parameters: string): Command {
  if (!isCommandType(type)) throw new Error(`unknown command type in the database: ${type}`);
  return { type, ...(JSON.parse(parameters) as object) } as Command;
}
