import { isCommandType } from "../../../requests/command.js";
import { VARIABLES_OF } from "./command-variables.js";
import { isSessionVariable } from "./send-variables.js";

/** Why a profile cannot say this command, or not with this variable; undefined when it can. */
export function commandFault(command: string, variable?: string): string | undefined {
  const variables = new Map(Object.entries(VARIABLES_OF)).get(command);
  if (variables === undefined) {
    const known = Object.keys(VARIABLES_OF).join(", ");
    const why = isCommandType(command)
      ? "is a command that this version cannot send yet"
      : "is no command";
    return `${why}; known: ${known}`;
  }
  if (variable === undefined || isSessionVariable(variable)) return undefined;
  return variables.some((name) => name === variable)
    ? undefined
    : `needs {${variable}}, which ${command} does not have`;
}
