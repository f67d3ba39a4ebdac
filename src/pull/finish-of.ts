import { resultOf } from "../dispatch/held-head.js";
import type { CommandType } from "../requests/command.js";
import type { Outcome } from "../requests/outcome.js";
import { PULL_PROCESS } from "../requests/pulled.js";
import type { Fault } from "../requests/service-error.js";
import type { VerdictSettings } from "../requests/verdict.js";
import type { ClaimedHead, HeadResult } from "../store/dispatch-store.js";
import type { FinishOf, PullAnswer } from "../store/pull-store.js";
import { handedOutText } from "./wire-text.js";

/** Answers end requests, whatever the limits are: nothing is tried again because of one. */
const NO_MATTER: VerdictSettings = { backoff: { baseMs: 0, maxMs: 0 }, maxAttempts: 1 };

/** What an answer makes of a request, as a CA system's own answer would. */
export const finishOf: FinishOf = (answer, head, executedDate) => {
  const { type } = head.command;
  const fault = misplaced(answer, type);
  if (fault !== undefined) return fault;
  const result = resultOfPulled(
    head,
    outcomeOf(answer, type),
    answer.text,
    executedDate,
    NO_MATTER,
    0,
  );
  if (result.kind !== "finish") throw new Error(`an answer that made ${result.kind} of a request`);
  return result;
};

/** What is to be written of a request that was handed out, or could not be. */
export function resultOfPulled(
  head: ClaimedHead,
  outcome: Outcome,
  response: string | undefined,
  executedDate: number,
  settings: VerdictSettings,
  random: number,
): HeadResult {
  const held = { head, run: undefined, renumbered: false };
  const delivery = {
    outcome,
    request: handedOutText(head),
    ...(response !== undefined && { response }),
  };
  const result = resultOf(held, delivery, executedDate, settings, false, random);
  if (result === undefined) throw new Error("only a dialled provider asks for another number");
  return { ...result, processName: PULL_PROCESS };
}

/** The lists that answer queries belong to the queries. */
function outcomeOf({ outcome, services, setTopBoxes }: PullAnswer, type: CommandType): Outcome {
  return {
    ...outcome,
    ...(outcome.kind === "accepted" && type === "GET_ACTIVE_SERVICES" && { services }),
    ...(outcome.kind === "accepted" && type === "GET_PAIRING_STATUS" && { setTopBoxes }),
  };
}

function misplaced({ services, setTopBoxes }: PullAnswer, type: CommandType): Fault | undefined {
  if (services.length > 0 && type !== "GET_ACTIVE_SERVICES") {
    return onlyFor("services", "COMMAND_TYPE_GET_ACTIVE_SERVICES");
  }
  if (setTopBoxes.length > 0 && type !== "GET_PAIRING_STATUS") {
    return onlyFor("set_top_boxes", "COMMAND_TYPE_GET_PAIRING_STATUS");
  }
  return undefined;
}

function onlyFor(field: string, type: string): Fault {
  return { reason: "INVALID_REQUEST", field, description: `only answers a ${type}` };
}
