import { Command } from "commander";
import type { CliContext } from "./cli-context.js";
import { profileCheck } from "./profile-check.js";
import { profileTry } from "./profile-try.js";

/** The `profile` command: what whoever writes a profile needs, without a CA system. */
export function profileCommand(context: CliContext): Command {
  return new Command("profile")
    .description("check a profile, and try it out without a CA system")
    .addCommand(profileCheck(context))
    .addCommand(profileTry(context));
}
