import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import type { CliContext } from "./cli-context.js";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-codes.js";

/**
 * Runs the command that the arguments (without node and script) name, and resolves with its exit
 * code; never rejects. A command is a commander `Command` whose action throws what goes wrong.
 */
export async function runProgram(
  args: readonly string[],
  commands: readonly Command[],
  context: Pick<CliContext, "stdout" | "stderr">,
): Promise<ExitCode> {
  const program = new Command("ca-provisioning")
    .description("provisions pay-TV smartcards: takes requests, delivers them to CA systems")
    .version(packageVersion())
    .showHelpAfterError("(--help tells what is possible)")
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .exitOverride();
  for (const command of commands) program.addCommand(inheriting(command, program));
  try {
    await program.parseAsync(args, { from: "user" });
    return EXIT_CODES.done;
  } catch (error) {
    return tell(error, context);
  }
}

/** The command with the settings of its parent, down to the last subcommand. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

function tell(error: unknown, { stderr }: Pick<CliContext, "stderr">): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has said it all by now; its own code for wrong usage is 1, and 0 for help.
    return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
  }
  const code = exitCodeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  for (const line of text.split("\n")) stderr.write(`ca-provisioning: ${line}\n`);
  // Where it came from helps only when nobody expected it.
  if (code === undefined && error instanceof Error) stderr.write(`${error.stack}\n`);
  return code ?? EXIT_CODES.failed;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
