import { Command, InvalidArgumentError, Option } from "commander";
import { UnwritableValue } from "../adapters/profile/fields/output.js";
import { namedProfile } from "../adapters/profile/trial/named-profile.js";
import { TrialFault } from "../adapters/profile/trial/trial-values.js";
import { type Trial, tryProfile } from "../adapters/profile/trial/try-profile.js";
import { type CliContext, printResult } from "./cli-context.js";
import { EXIT_CODES, ExitError } from "./exit-codes.js";
import { trialText } from "./trial-text.js";

interface TryFlags {
  readonly json?: boolean;
  readonly set: ReadonlyMap<string, string>;
  readonly answer?: Buffer;
  readonly answerText?: Buffer;
  readonly status: number;
  readonly answerHeader: Readonly<Record<string, string>>;
}

/** `profile try`: what would be sent for a command, and what an answer would mean. */
export function profileTry(context: CliContext): Command {
  return new Command("try")
    .description("show what would be sent, and what an answer would mean; nothing is sent")
    .argument("<file>", "the profile's file, or the name of one that ships")
    .argument("<command>", "a command, or any message that the profile sends")
    .option("--set <name=value>", "a value for templates; others are made up", addValue, new Map())
    .addOption(
      new Option("--answer <hex>", "bytes of the CA system, in hexadecimal")
        .argParser(hexBytes)
        .conflicts("answerText"),
    )
    .option("--answer-text <text>", "the same as text; \\r, \\n and \\xNN are bytes", textBytes)
    .option("--status <number>", "status of an answer over HTTP", httpStatus, 200)
    .option(
      "--answer-header <line>",
      "a header of that answer, such as 'Retry-After: 5'",
      addHeader,
      {},
    )
    .option("--json", "print the result as a line of JSON")
    .action((name: string, command: string, flags: TryFlags) => {
      const { profile } = namedProfile(name);
      const { status, answerHeader: headers, set, answer: bytes = flags.answerText } = flags;
      const trial = attempt(() => tryProfile(profile, command, set, { status, headers, bytes }));
      printResult(context, flags, { event: "profile_tried", ...trial }, trialText(trial));
      const fault = trial.answer?.fault;
      if (fault !== undefined) {
        throw new ExitError(EXIT_CODES.failed, `the connection would be closed: ${fault}`);
      }
    });
}

function attempt(make: () => Trial): Trial {
  try {
    return make();
  } catch (error) {
    if (error instanceof TrialFault) throw new ExitError(EXIT_CODES.usage, error.message);
    if (error instanceof UnwritableValue) {
      throw new ExitError(EXIT_CODES.failed, `it would not be sent: ${error.message}`);
    }
    throw error;
  }
}

function addValue(text: string, before: ReadonlyMap<string, string>): Map<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("It must be NAME=VALUE.");
  return new Map(before).set(text.slice(0, at), text.slice(at + 1));
}

function addHeader(
  line: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [, name, value] = /^([^:\s]+): *(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("It must be NAME: VALUE.");
  }
  return { ...before, [name.toLowerCase()]: value };
}

function hexBytes(text: string): Buffer {
  const digits = text.replaceAll(/\s/g, "");
  if (!/^(?:[0-9a-f]{2})+$/i.test(digits)) {
    throw new InvalidArgumentError("It must be pairs of hexadecimal digits.");
  }
  return Buffer.from(digits, "hex");
}

function httpStatus(text: string): number {
  if (!/^[1-5][0-9]{2}$/.test(text)) throw new InvalidArgumentError("It must be from 100 to 599.");
  return Number(text);
}

const ESCAPE = /\\(?:x([0-9a-f]{2})|([rnt0\\]))/gi;
const NAMED: Readonly<Record<string, string>> = {
  r: "\r",
  n: "\n",
  t: "\t",
  "0": "\0",
  "\\": "\\",
};

function textBytes(text: string): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { 0: whole, 1: code, 2: name = "", index } of text.matchAll(ESCAPE)) {
    pieces.push(Buffer.from(text.slice(at, index)));
    pieces.push(
      code === undefined ? Buffer.from(NAMED[name.toLowerCase()] ?? "") : Buffer.from(code, "hex"),
    );
    at = index + whole.length;
  }
  return Buffer.concat([...pieces, Buffer.from(text.slice(at))]);
}
