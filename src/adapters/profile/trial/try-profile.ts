import { isCommandType } from "../../../requests/command.js";
import { caIdCheck } from "../ca-id-check.js";
import type { LoadedProfile } from "../load-profile.js";
import type { SendLayout } from "../message/send-layout.js";
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
import { type RequestTrial, tryRequest } from "./try-request.js";

/** What would be sent, and what its answer would mean. */
export interface Trial {
  readonly request: RequestTrial;
  /** Absent when no answer was given. */
  readonly answer?: AnswersTrial;
}

/**
 * Writes a command, or any message that the profile sends, and reads an answer, without a
 * connection. Throws a `TrialFault` for what cannot be tried, an `UnwritableValue` for what the
 * protocol cannot say.
 */
export function tryProfile(
  { source, protocol }: LoadedProfile,
  name: string,
  values: TrialValues,
  answer: Buffer | undefined,
): Trial {
  checkNames(values, source);
  const isCommand = isCommandType(name) && protocol.commands.has(name);
  const layout = isCommand ? protocol.commands.get(name) : protocol.sends.get(name);
  if (layout === undefined) {
    const known = [...new Set([...protocol.commands.keys(), ...protocol.sends.keys()])];
    throw new TrialFault(`${name} is none of ${known.join(", ")}`);
  }
  const type = commandOf(name, layout, { source, protocol });
  const command = type && trialCommand(type, values, source);
  const wrong = command && caIdCheck(source.ca_id)(command.caId);
  if (wrong !== undefined) throw new TrialFault(`ca_id ${wrong}`);

  const numbers = protocol.newCorrelations();
  const correlation =
    command === undefined
      ? numbers.ofSession(() => false)
      : numbers.ofCommand(command.transaction, () => false);
  const scope: SendScope = {
    settings: trialSettings(values, source),
    slot: trialNumber(values, "slot", 0),
    epoch: trialNumber(values, "epoch", 1),
    kept: trialKept(values),
    now: Date.now(),
    correlation: values.get("correlation") ?? correlation,
    command,
  };
  return {
    request: tryRequest(layout, scope),
    ...(answer !== undefined && { answer: tryAnswers(protocol, answer) }),
  };
}

/** The command that a message says; undefined for one of the session. */
function commandOf(
  name: string,
  layout: SendLayout,
  { protocol }: LoadedProfile,
): keyof typeof VARIABLES_OF | undefined {
  const types = Object.keys(VARIABLES_OF) as (keyof typeof VARIABLES_OF)[];
  return (
    types.find((type) => type === name) ??
    types.find((type) => protocol.commands.get(type) === layout)
  );
}
