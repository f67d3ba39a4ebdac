import { stat } from "node:fs/promises";
import { Command, InvalidArgumentError } from "commander";
import { parseAddress } from "../config/address.js";
import { directTarget } from "../import/direct-target.js";
import { type Imported, importFile } from "../import/import-file.js";
import type { ImportTarget } from "../import/import-target.js";
import { Progress, type ProgressOutput } from "../import/progress.js";
import { remoteTarget } from "../import/remote-target.js";
import { isUnreachable } from "../import/unreachable.js";
import { UnusableInput } from "../import/unusable-input.js";
import type { UpsertDrafts } from "../inventory/upsert-drafts.js";
import type { Clock } from "../requests/clock.js";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-codes.js";

/** The inventory behind the settings of the process. */
export type OpenedInventory =
  /** This process has the database open. */
  | { readonly kind: "open"; readonly upsertDrafts: UpsertDrafts; close(): Promise<void> }
  /** A running service holds the database file, and takes calls at this address. */
  | { readonly kind: "served"; readonly address: string }
  /** The settings or the configuration file are faulty, in a text for people. */
  | { readonly kind: "unusable_settings"; readonly text: string };

/** What the command needs of the program it is part of. */
export interface ImportSubscriptionsDeps {
  /**
   * Opens the database of the settings, with the schema brought up to date and the configuration
   * file applied. What it throws ends the command with 4 when nobody answers, and 1 otherwise.
   */
  openInventory(): Promise<OpenedInventory>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: ProgressOutput;
  readonly clock: Clock;
  /** Told how the command ended. */
  setExitCode(code: ExitCode): void;
}

interface Flags {
  readonly address?: string;
  readonly json: boolean;
}

/** The `import-subscriptions` command: brings a file of subscriptions into the inventory. */
export function importSubscriptionsCommand(deps: ImportSubscriptionsDeps): Command {
  return new Command("import-subscriptions")
    .description("import subscriptions with their installed items from a CSV or NDJSON file")
    .argument("<file>", "CSV with a header line; NDJSON when it ends with .ndjson or .jsonl")
    .option(
      "--address <host:port>",
      "import through the service there, with the token in PROVISIONING_TOKEN",
      hostAndPort,
    )
    .option("--json", "end with the counts as a line of JSON", false)
    .addHelpText(
      "after",
      `
Writes the database of the settings; when a running service holds it, goes through that service.
Refused lines go to FILE.rejected, with the reasons.
Exit codes: 0 done; 1 failed; 2 unusable file or settings; 3 done, some lines refused;
4 database or service unreachable.`,
    )
    .action(async (file: string, flags: Flags) => {
      deps.setExitCode(await importSubscriptions(deps, file, flags));
    });
}

function hostAndPort(text: string): string {
  if (parseAddress(text) !== undefined) return text;
  throw new InvalidArgumentError("It must be of the form host:port.");
}

async function importSubscriptions(
  deps: ImportSubscriptionsDeps,
  file: string,
  flags: Flags,
): Promise<ExitCode> {
  let progress: Progress | undefined;
  let stored = 0;
  try {
    progress = new Progress(deps.stderr, deps.clock, await sizeOf(file));
    const shown = progress;
    const imported = await importFile({
      file,
      openTarget: () => openTarget(deps, flags),
      onProgress(counts, bytesRead) {
        stored = counts.lines;
        shown.update(counts, bytesRead);
      },
    });
    progress.end();
    deps.stdout.write(`${flags.json ? asJson(imported) : asText(imported)}\n`);
    return imported.rejected > 0 ? EXIT_CODES.someRefused : EXIT_CODES.done;
  } catch (error) {
    progress?.end();
    deps.stderr.write(`import-subscriptions: ${messageOf(error)}\n`);
    if (error instanceof UnusableInput) return EXIT_CODES.usage;
    if (stored > 0) {
      deps.stderr.write(
        `the first ${stored} lines are done; to import the whole file again does no harm\n`,
      );
    }
    if (isUnreachable(error)) return EXIT_CODES.unreachable;
    return exitCodeOf(error) ?? EXIT_CODES.failed;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new UnusableInput(`${file} is a folder`);
    return found.size;
  } catch (error) {
    if (error instanceof UnusableInput) throw error;
    throw new UnusableInput(`cannot read ${file}: ${messageOf(error)}`);
  }
}

async function openTarget(deps: ImportSubscriptionsDeps, flags: Flags): Promise<ImportTarget> {
  const token = deps.environment.PROVISIONING_TOKEN || undefined;
  if (flags.address !== undefined) return remoteTarget({ address: flags.address, token });
  const opened = await deps.openInventory();
  switch (opened.kind) {
    case "open":
      return directTarget(opened.upsertDrafts, () => opened.close());
    case "served":
      return remoteTarget({ address: opened.address, token });
    case "unusable_settings":
      throw new UnusableInput(opened.text);
  }
}

function asJson({ rejectedFile, ...counts }: Imported): string {
  return JSON.stringify({ event: "imported", ...counts, rejected_file: rejectedFile ?? null });
}

function asText({ lines, created, updated, unchanged, rejected, rejectedFile }: Imported): string {
  const counts = `${created} created, ${updated} updated, ${unchanged} unchanged`;
  const refused = rejectedFile === undefined ? "" : `, see ${rejectedFile}`;
  return `${lines} lines: ${counts}, ${rejected} rejected${refused}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== "" ? error.message : String(error);
}
