import { carriesPin } from "../requests/command.js";
import type { ClaimedHead } from "../store/dispatch-store.js";
import type { PullReport } from "../store/pull-store.js";

/** What was handed out in readable form, the PIN masked. */
export function handedOutText({ command, ...head }: ClaimedHead): string {
  const { type, ...parameters } = command;
  return line(type, {
    transaction: head.transactionNumber,
    smartcard_ca_id: head.caId,
    subscription_number: head.subscriptionNumber,
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [snakeCase(name), value]),
    ),
    ...(carriesPin(command) && { pin: "****" }),
  });
}

/** All that an answer says, in readable form and always in the same one. */
export function answerText({ outcome, services, setTopBoxes }: PullReport): string {
  if (outcome.kind === "rejected") {
    return line("REJECTED", { error_code: outcome.code, error_description: given(outcome.text) });
  }
  return line("ACCEPTED", {
    reference_number: given(outcome.reference),
    services: services.length === 0 ? undefined : services,
    set_top_boxes: setTopBoxes.length === 0 ? undefined : setTopBoxes,
  });
}

function given(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** Plain words stand as they are; anything else as JSON, so that no two values look alike. */
function line(name: string, values: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(values).flatMap(([field, value]) => {
    if (value === undefined) return [];
    const isPlain = typeof value === "string" && /^[^\s"[\]{}]+$/.test(value);
    return [`${field}=${isPlain ? value : JSON.stringify(value)}`];
  });
  return [name, ...fields].join(" ");
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
