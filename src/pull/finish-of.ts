import { resultOf } from "../dispatch/held-head.js";
import type { ProviderCatalogue } from "../providers/provider-catalogue.js";
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
export function finishOf(providers: Pick<ProviderCatalogue, "get">): FinishOf {
  return (answer, head, executedDate) => {
    const { type } = head.command;
    const fault = misplaced(answer, type);
    if (fault !== undefined) return fault;
    const result = resultOfPulled({
      head,
      outcome: outcomeOf(answer, type),
      response: answer.text,
      executedDate,
      verdicts: NO_MATTER,
      random: 0,
      serviceCode: (caId) => providers.get(head.provider)?.serviceCode(caId),
    });
    if (result.kind !== "finish") {
      throw new Error(`an answer that made ${result.kind} of a request`);
    }
    return result;
  };
}

/** A head that was handed out, or could not be, and what became of it. */
export interface Pulled {
  readonly head: ClaimedHead;
  readonly outcome: Outcome;
  readonly response: string | undefined;
  readonly executedDate: number;
  readonly verdicts: VerdictSettings;
  readonly random: number;
  readonly serviceCode: (caId: string) => string | undefined;
}

/** What is to be written of a request that was handed out, or could not be. */
export function resultOfPulled(pulled: Pulled): HeadResult {
  const { head, outcome, response, executedDate, verdicts, random, serviceCode } = pulled;
  const held = { head, run: undefined, claim: undefined, late: false, renumbered: false };
  const delivery = {
    outcome,
    request: handedOutText(head),
    ...(response !== undefined && { response }),
  };
  const result = resultOf(held, delivery, executedDate, verdicts, false, random, serviceCode);
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
