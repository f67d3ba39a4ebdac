import { Readable, Writable } from "node:stream";
import type { Command } from "commander";
import type { CliContext } from "../../src/cli/cli-context.js";
import { runProgram } from "../../src/cli/program.js";
import { fakeCronCheck, findFakeProtocol } from "../config/fake-protocol.js";

/** What became of one call of the command line. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliInput {
  readonly environment?: Record<string, string>;
  readonly stdin?: string | Buffer;
}

/** Runs the program in this process, with streams and environment of its own. */
export async function runCli(
  args: readonly string[],
  commands: (context: CliContext) => readonly Command[],
  input: CliInput = {},
): Promise<CliResult> {
  const stdout = new Capture();
  const stderr = new Capture();
  const context: CliContext = {
    stdin: Readable.from([Buffer.from(input.stdin ?? "")]),
    stdout,
    stderr,
    environment: input.environment ?? {},
    findProtocol: findFakeProtocol,
    checkCron: fakeCronCheck,
  };
  const code = await runProgram(args, commands(context), context);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

class Capture extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
