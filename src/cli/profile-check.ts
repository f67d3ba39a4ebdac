import { Command } from "commander";
import { namedProfile } from "../adapters/profile/trial/named-profile.js";
import { type CliContext, printResult } from "./cli-context.js";

/** `profile check`: tells all that is wrong with a profile, or what it can say. */
export function profileCheck(context: CliContext): Command {
  return new Command("check")
    .description("tell what is wrong with a profile, or what it can say")
    .argument("<file>", "the profile's file, or the name of one that ships")
    .option("--json", "print the result as a line of JSON")
    .action((name: string, flags: { json?: boolean }) => {
      const { file, profile } = namedProfile(name);
      const { source, protocol } = profile;
      const event = {
        event: "profile_checked",
        file,
        name: source.name,
        transport: source.transport,
        messages: Object.keys("messages" in source ? source.messages : source.requests),
        commands: [...protocol.commands.keys()],
        settings: Object.keys(source.settings),
      };
      const text = [
        `${file}: the profile ${event.name} is sound`,
        `transport: ${event.transport}`,
        `messages: ${event.messages.join(", ")}`,
        `commands: ${event.commands.join(", ")}`,
        `settings of its own: ${event.settings.join(", ") || "none"}`,
      ];
      printResult(context, flags, event, text.join("\n"));
    });
}
