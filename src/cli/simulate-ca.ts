import { Command, InvalidArgumentError, Option } from "commander";
import { type Behaviour, maxLatencyMs } from "../simulator/behaviour.js";
import { type CodecName, codecs } from "../simulator/codec.js";
import { createSimulator } from "../simulator/simulator.js";
import { EXIT_CODES } from "./exit-codes.js";

/** The flags, as commander names them; those of `Behaviour` go to the simulator as they are. */
interface SimulateCaFlags extends Omit<Behaviour, "busyRetryAfterMs"> {
  readonly port: number;
  readonly profile: CodecName;
  readonly sourceId?: number;
  readonly password?: string;
  readonly journal?: string;
  readonly seed?: number;
}

const maxU32 = 0xffff_ffff;

/** The `simulate-ca` command: a CA system to try things against, until a signal ends it. */
export function simulateCaCommand(): Command {
  const command = new Command("simulate-ca")
    .description("run a simulated CA system, for trials and tests")
    .option("--port <port>", "TCP port on 127.0.0.1, 0 for a free one", whole(65_535), 0)
    .addOption(
      new Option("--profile <name>", "wire format").choices(Object.keys(codecs)).default("nds"),
    )
    .option("--source-id <number>", "the only source_id that may log in", whole(maxU32))
    .option("--password <text>", "the only password that is right")
    .option("--journal <file>", "append what happens, one JSON line for each event")
    .option("--seed <number>", "makes faults repeatable", whole(maxU32))
    .option("--latency-ms <ms>", "time from a command to its answer", whole(maxLatencyMs), 0)
    .option("--busy-rate <rate>", "chance of BUSY", rate, 0)
    .option("--fail-rate <rate>", "chance of error code 100", rate, 0)
    .option("--reject-rate <rate>", "chance of error code 2", rate, 0)
    .option("--silent-rate <rate>", "chance of no effect and no answer", rate, 0)
    .option("--drop-rate <rate>", "chance of an effect without an answer", rate, 0)
    .option("--disconnect-rate <rate>", "chance of an effect, half an answer, a reset", rate, 0)
    .option("--forget", "do not remember transactions", false)
    .action(simulateCa);
  // Commander ends with 1 for a usage error; here that is 2, and 0 stays for --help.
  return command.exitOverride((error) =>
    process.exit(error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage),
  );
}

async function simulateCa(flags: SimulateCaFlags): Promise<void> {
  const { port, profile, sourceId, password, journal, seed, ...behaviour } = flags;
  const chosenSeed = seed ?? Math.floor(Math.random() * maxU32);
  const simulator = createSimulator({
    port,
    profile,
    sourceId,
    password,
    behaviour,
    seed: chosenSeed,
    journalFile: journal,
    log,
  });
  const signal = firstSignal();
  try {
    const address = await simulator.start();
    const ca = `${address.host}:${address.port}`;
    process.stdout.write(`${JSON.stringify({ event: "listening", pid: process.pid, ca })}\n`);
    log(`seed ${chosenSeed}`);
    log(`${await signal.received}: stopping`);
  } catch (error) {
    log(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = cannotListen(error) ? EXIT_CODES.usage : EXIT_CODES.failed;
  } finally {
    await simulator.stop();
    signal.ignore();
  }
}

/** Whether an error of the start is of the address, as one of `serve` would be. */
function cannotListen(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && error.syscall === "listen";
}

/** The first SIGTERM or SIGINT; more of them, while stopping, change nothing. */
function firstSignal(): { readonly received: Promise<string>; ignore(): void } {
  let resolve: (signal: string) => void = () => {};
  const received = new Promise<string>((done) => {
    resolve = done;
  });
  process.on("SIGTERM", resolve).on("SIGINT", resolve);
  return {
    received,
    ignore() {
      process.off("SIGTERM", resolve).off("SIGINT", resolve);
    },
  };
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} simulate-ca: ${line}\n`);
}

function whole(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max) {
      throw new InvalidArgumentError(`It must be a whole number, 0..${max}.`);
    }
    return value;
  };
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError("It must be a number, 0..1.");
  }
  return value;
}
