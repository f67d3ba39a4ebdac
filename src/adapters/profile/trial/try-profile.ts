import type { CommandType } from "../../../requests/command.js";
import { caIdCheck } from "../ca-id-check.js";
import type { LoadedHttp, LoadedProfile, LoadedStream } from "../load-profile.js";
import { NONE_USED } from "../session/correlations.js";
import { VARIABLES_OF } from "../template/command-variables.js";
import type { SendScope } from "../template/send-scope.js";
import {
  checkNames,
  TrialFault,
  type TrialValues,
  trialCommand,
  trialKept,
  trialNumber,
  trialSettings,
} from "./trial-values.js";
import { type AnswersTrial, tryAnswers } from "./try-answer.js";
import { type HttpTrial, tryHttpAnswer, tryHttpRequest } from "./try-http.js";
import { type MessageTrial, tryRequest } from "./try-request.js";

/** What would be sent, and what its answer would mean. */
export interface Trial {
  readonly request: MessageTrial | HttpTrial;
  /** Absent when no answer was given. */
  readonly answer?: AnswersTrial;
}

/** What a CA system might answer. */
export interface TrialAnswer {
  /** Of an answer over HTTP. */
  readonly status: number;
  /** Of such an answer, by name in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: no answer is tried. */
  readonly bytes: Buffer | undefined;
}

/**
 * Writes a command, or any message that the profile sends, and reads an answer, without a
 * connection. Throws a `TrialFault` for what cannot be tried, an `UnwritableValue` for what the
 * protocol cannot say.
 */
export function tryProfile(
  profile: LoadedProfile,
  name: string,
  values: TrialValues,
  answer: TrialAnswer,
): Trial {
  checkNames(values, profile.source);
  return profile.carrier === "stream"
    ? tryStream(profile, name, values, answer)
    : tryHttp(profile, name, values, answer);
}

function tryStream(
  { source, protocol }: LoadedStream,
  name: string,
  values: TrialValues,
  { bytes }: TrialAnswer,
): Trial {
  const { layout, type } = find(protocol, name);
  const scope = scopeOf(source, type, values);
  const numbers = protocol.newCorrelations();
  const correlation =
    scope.command === undefined
      ? numbers.ofSession(NONE_USED)
      : numbers.ofCommand(scope.command.transaction, NONE_USED);
  scope.correlation = values.get("correlation") ?? correlation;
  const request = tryRequest(layout, scope);
  return bytes === undefined ? { request } : { request, answer: tryAnswers(protocol, bytes, type) };
}

function tryHttp(
  { source, protocol }: LoadedHttp,
  name: string,
  values: TrialValues,
  { status, headers, bytes }: TrialAnswer,
): Trial {
  const { layout, type } = find(protocol, name);
  const request = tryHttpRequest(layout, scopeOf(source, type, values));
  if (bytes === undefined) return { request };
  const message = tryHttpAnswer(protocol, layout, { status, headers, body: bytes }, type);
  return { request, answer: { messages: [message], incomplete: false } };
}

/** The message of a name, and the command that it says if it says one. */
function find<L>(
  {
    commands,
    sends,
  }: { readonly commands: ReadonlyMap<string, L>; readonly sends: ReadonlyMap<string, L> },
  name: string,
): { readonly layout: L; readonly type: CommandType | undefined } {
  const layout = commands.get(name) ?? sends.get(name);
  if (layout === undefined) {
    const known = [...new Set([...commands.keys(), ...sends.keys()])];
    throw new TrialFault(`${name} is none of ${known.join(", ")}`);
  }
  const types = Object.keys(VARIABLES_OF) as CommandType[];
  const type =
    types.find((each) => each === name) ?? types.find((each) => commands.get(each) === layout);
  return { layout, type };
}

function scopeOf(
  source: LoadedProfile["source"],
  type: CommandType | undefined,
  values: TrialValues,
): SendScope {
  const command = type && trialCommand(type, values, source);
  const wrong = command && caIdCheck(source.ca_id)(command.caId);
  if (wrong !== undefined) throw new TrialFault(`ca_id ${wrong}`);
  return {
    settings: trialSettings(values, source),
    slot: trialNumber(values, "slot", 0),
    epoch: trialNumber(values, "epoch", 1),
    kept: trialKept(values, source),
    now: Date.now(),
    correlation: 0,
    command,
  };
}
