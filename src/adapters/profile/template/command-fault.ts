import { isCommandType } from "../../../requests/command.js";
import { VARIABLES_OF } from "./command-variables.js";
import { isSessionVariable } from "./send-variables.js";

/** Why a profile cannot say this command; undefined when it can. */
export function commandFault(command: string): string | undefined {
  if (isCommandType(command)) return undefined;
  return `is no command; known: ${Object.keys(VARIABLES_OF).join(", ")}`;
}

/**
 * Why a message with these variables cannot say a command, or be sent by a session (`command`
 * undefined), in phrases.
 */
export function variableFaults(variables: Iterable<string>, command: string | undefined): string[] {
  const has: readonly string[] = new Map(Object.entries(VARIABLES_OF)).get(command ?? "") ?? [];
  return [...variables]
    .filter((name) => !isSessionVariable(name) && !has.includes(name))
    .map((name) =>
      command === undefined
        ? `needs {${name}}, which only commands have`
        : `needs {${name}}, which ${command} does not have`,
    );
}
