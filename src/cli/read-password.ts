import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { newPasswordFault } from "../auth/password-fault.js";
import type { CliContext } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";

const MAX_BYTES = 1024;

/** Reads a password: all of standard input but its last line end, or a hidden line at a terminal. */
export async function readPassword(context: CliContext, prompt: string): Promise<string> {
  const { stdin } = context;
  const text = stdin.isTTY === true ? await ask(context, prompt) : await readAll(stdin);
  const password = text.replace(/\r?\n$/, "");
  if (password === "") throw refused("is empty: give it on standard input");
  const fault = newPasswordFault(password);
  if (fault !== undefined) throw refused(fault);
  return password;
}

async function readAll(stdin: CliContext["stdin"]): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const data = Buffer.from(chunk);
    bytes += data.length;
    if (bytes > MAX_BYTES) throw refused(`is longer than ${MAX_BYTES} bytes`);
    chunks.push(data);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw refused("is no valid UTF-8");
  }
}

async function ask({ stdin, stderr }: CliContext, prompt: string): Promise<string> {
  stderr.write(prompt);
  // As a terminal without a screen, readline takes the line and shows none of it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  const left = new AbortController();
  // Ctrl-C and Ctrl-D: readline by itself would leave the question open for ever.
  lines.on("SIGINT", () => left.abort()).on("close", () => left.abort());
  try {
    return await lines.question("", { signal: left.signal });
  } catch {
    throw refused("was not given");
  } finally {
    lines.close();
    stderr.write("\n");
  }
}

function refused(why: string): ExitError {
  return new ExitError(EXIT_CODES.usage, `the password ${why}`);
}
