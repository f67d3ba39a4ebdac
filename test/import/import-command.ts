import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ImportSubscriptionsDeps,
  importSubscriptionsCommand,
  type OpenedInventory,
} from "../../src/cli/import-subscriptions.js";
import { systemClock } from "../../src/requests/clock.js";
import { testFolder } from "../support/test-folder.js";

/** What a run of the command did. */
export interface Run {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of import files, and the command to import them with. */
export interface ImportFolder {
  write(name: string, content: string | Buffer): string;
  /** The lines of a file's .rejected; undefined when there is none. */
  rejected(name: string): Record<string, unknown>[] | undefined;
  run(
    args: readonly string[],
    openInventory: () => Promise<OpenedInventory>,
    environment?: ImportSubscriptionsDeps["environment"],
  ): Promise<Run>;
  remove(): void;
}

export function importFolder(): ImportFolder {
  const folder = testFolder("import");
  return {
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    rejected(name) {
      try {
        const text = readFileSync(join(folder, `${name}.rejected`), "utf8");
        return text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
      } catch {
        return undefined;
      }
    },
    async run(args, openInventory, environment = {}) {
      const run = { exitCode: undefined as number | undefined, stdout: "", stderr: "" };
      const command = importSubscriptionsCommand({
        openInventory,
        environment,
        stdout: { write: (text) => (run.stdout += text) },
        stderr: { write: (text) => (run.stderr += text) },
        clock: systemClock,
        setExitCode: (code) => {
          run.exitCode = code;
        },
      });
      await command.parseAsync([...args], { from: "user" });
      return run;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
