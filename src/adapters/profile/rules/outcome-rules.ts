import type { CommandType } from "../../../requests/command.js";
import type { Outcome } from "../../../requests/outcome.js";
import { cleanText } from "../fields/clean-text.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { RuleSection } from "../format/rule-section.js";
import type { Scalar } from "../format/words.js";
import type { Received, ReceiveLayout } from "../message/received.js";
import { parseTemplate } from "../template/template.js";
import { type Match, match, messagesOf } from "./match.js";
import { checkQueryFields, queryFields } from "./query-fields.js";
import { receivedVariables } from "./received-variables.js";

/**
 * Characters of a reference that are kept: as many as a list can be asked for. The answer has it
 * whole. PostgreSQL takes no more than 2,700 bytes into its index.
 */
const MAX_REFERENCE = 128;

/** What an answer says became of its command. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The CA system has no session (any more). */
  readonly endsSession: boolean;
  /** Place of the rule that said so; -1 when none did, or the answer could not be read. */
  readonly rule: number;
}

/** `command` is the one that is answered; undefined when that is not known. */
type Decide = (received: Received, command?: CommandType) => Verdict;

/** Looks up what an answer means: the first rule that fits. */
export interface OutcomeRules {
  /** True when some rule is for such messages: they answer commands. */
  knows(layout: ReceiveLayout): boolean;
  readonly decide: Decide;
}

interface Row {
  readonly fits: Match;
  readonly decide: Decide;
}

/** Makes the rules for answers of these layouts. Of an answer that no rule knows the outcome is unknown. */
export function outcomeRules(
  rules: readonly RuleSection[],
  layouts: readonly ReceiveLayout[],
  fault: FaultSink,
): OutcomeRules {
  const names = new Set(layouts.map(({ name }) => name));
  for (const [index, rule] of rules.entries()) {
    for (const name of messagesOf(rule.when) ?? []) {
      if (!names.has(name))
        fault([index, "when", "message"], `${name} is no message that is received`);
    }
  }
  checkQueryFields(rules, layouts, fault);
  const rows = new Map<ReceiveLayout, readonly Row[]>(
    layouts.map((layout) => [
      layout,
      rules.flatMap((rule, index) => {
        const at: FaultSink = (path, text) => fault([index, ...path], text);
        const fits = match(rule.when, layout, at);
        return fits === undefined ? [] : [{ fits, decide: decider(rule, index, layout, at) }];
      }),
    ]),
  );
  return {
    knows: (layout) => (rows.get(layout)?.length ?? 0) > 0,
    decide(received, command) {
      const { layout, unreadable } = received;
      if (unreadable !== undefined) {
        return unknown(`the CA system answered ${layout.name} without a readable ${unreadable}`);
      }
      for (const { fits, decide } of rows.get(layout) ?? []) {
        if (fits(received)) return decide(received, command);
      }
      return unknown(`the CA system answered ${layout.name}, which no rule knows`);
    },
  };
}

function unknown(text: string): Verdict {
  return { outcome: { kind: "unknown", text }, endsSession: false, rule: -1 };
}

function decider(
  rule: RuleSection,
  index: number,
  layout: ReceiveLayout,
  fault: FaultSink,
): Decide {
  const find = receivedVariables(layout);
  const text = (key: string, source: Scalar | undefined) => fill(source ?? "", find, [key], fault);
  const say = (make: (received: Received) => Outcome, endsSession = false): Decide => {
    return (received) => ({ outcome: make(received), endsSession, rule: index });
  };
  switch (rule.outcome) {
    case "accepted": {
      const reference = text("reference", rule.reference);
      const query = queryFields(rule, layout);
      return (received, command) => {
        const short = cleanText(reference(received).slice(0, MAX_REFERENCE));
        return {
          outcome: { kind: "accepted", reference: short, ...query(received, command) },
          endsSession: false,
          rule: index,
        };
      };
    }
    case "rejected":
    case "failed": {
      const kind = rule.outcome;
      const code = text("code", rule.code);
      const why = text("text", rule.text);
      return say((received) => ({ kind, code: code(received), text: why(received) }));
    }
    case "busy": {
      const { unit, min_ms: min, max_ms: max } = rule;
      const after = text("retry_after", rule.retry_after);
      const scale = unit === "s" ? 1_000 : 1;
      return say((received) => {
        // What is no number is no reason to wait long.
        const ms = Math.ceil(Number(after(received)) * scale) || 0;
        return { kind: "busy", retryAfterMs: Math.min(Math.max(ms, min), max) };
      });
    }
    case "transaction_used":
    case "unknown":
    case "unavailable": {
      const kind = rule.outcome;
      const why = text("text", rule.text);
      const ends = rule.outcome === "unavailable" && rule.ends_session;
      return say((received) => ({ kind, text: why(received) }), ends);
    }
  }
}

/** Makes a text of a template. */
export function fill(
  source: Scalar,
  find: ReturnType<typeof receivedVariables>,
  path: readonly string[],
  fault: FaultSink,
): (received: Received) => string {
  const parsed = parseTemplate(source, find, true);
  if ("fault" in parsed) {
    fault(path, parsed.fault);
    return () => "";
  }
  const { get, variables } = parsed.template;
  const whole = source === `{${variables[0]}}`;
  // What stands around a value that did not come must not end in spaces; a value is as it is.
  return (received) => {
    const text = String(get(received) ?? "");
    return whole ? text : text.trimEnd();
  };
}
