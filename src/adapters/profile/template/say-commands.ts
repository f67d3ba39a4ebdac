import { type CommandType, isCommandType } from "../../../requests/command.js";
import type { FaultSink } from "../format/fault-sink.js";
import { commandFault } from "./command-fault.js";

/** Finds the message or request of each command. `sent` notes what is wrong with it. */
export function sayCommands<L>(
  commands: Readonly<Record<string, string>>,
  sent: (name: string, path: readonly string[], command: CommandType) => L | undefined,
  fault: FaultSink,
): ReadonlyMap<CommandType, L> {
  const said = new Map<CommandType, L>();
  for (const [command, name] of Object.entries(commands)) {
    const wrong = commandFault(command);
    if (wrong !== undefined) fault(["commands", command], wrong);
    else if (isCommandType(command)) {
      const layout = sent(name, ["commands", command], command);
      if (layout !== undefined) said.set(command, layout);
    }
  }
  if (Object.keys(commands).length === 0) fault(["commands"], "must have one");
  return said;
}
