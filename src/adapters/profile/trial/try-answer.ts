import type { CommandType } from "../../../requests/command.js";
import type { Outcome } from "../../../requests/outcome.js";
import { type Received, readableForm } from "../message/received.js";
import { WireFault } from "../message/wire-fault.js";
import type { LoginVerdict } from "../rules/login-rules.js";
import type { StreamProtocol } from "../stream-protocol.js";
import { locateFields } from "./locate-fields.js";
import type { ShownField } from "./try-request.js";

/** One message of the CA system, and what it would mean. */
export interface AnswerTrial {
  readonly readable: string;
  readonly fields: readonly ShownField[];
  /** What it answers: the value of the correlation field; absent where answers need none. */
  readonly answers?: string;
  /** What it makes of a command; absent when no rule is for such messages. */
  readonly outcome?: Outcome;
  /** Place of the rule in the profile, from 1; absent when none fits. */
  readonly rule?: number;
  readonly ends_session?: boolean;
  /** What it makes of the login. */
  readonly login?: LoginTrial;
}

/** A verdict on the login; of what is remembered only the names are told. */
export type LoginTrial =
  | {
      readonly kind: "open";
      readonly last_transaction: number;
      readonly remembered: readonly string[];
    }
  | Extract<LoginVerdict, { kind: "refused" }>;

/** What bytes of the CA system would mean. */
export interface AnswersTrial {
  readonly messages: readonly AnswerTrial[];
  /** Why the connection would be closed. */
  readonly fault?: string;
  /** A message has begun and is not complete. */
  readonly incomplete: boolean;
}

/** Reads bytes as a connection would that waits for the answer to a command. */
export function tryAnswers(
  protocol: StreamProtocol,
  bytes: Buffer,
  command?: CommandType,
): AnswersTrial {
  const messages: AnswerTrial[] = [];
  const cutter = protocol.newCutter();
  try {
    cutter.push(bytes, (chunk, start, end) => {
      const received = protocol.read(chunk, start, end);
      const fields = locateFields(protocol, received, chunk, start, end);
      messages.push(shown(protocol, received, fields, command));
      return true;
    });
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return { messages, fault: error.message, incomplete: false };
  }
  return { messages, incomplete: cutter.midFrame };
}

/** What one message would mean. */
export function shown(
  protocol: Pick<StreamProtocol, "rules"> & {
    readonly login: { readonly decide: (received: Received) => LoginVerdict } | undefined;
  },
  received: Received,
  fields: readonly ShownField[],
  command?: CommandType,
): AnswerTrial {
  const { correlation, layout } = received;
  const base = {
    readable: readableForm(received),
    fields,
    ...(layout.correlation >= 0 && { answers: String(correlation) }),
  };
  const login = shownLogin(protocol.login?.decide(received));
  const open = login?.kind === "open" ? { login } : {};
  if (!protocol.rules.knows(received.layout)) {
    return { ...base, ...(login !== undefined && { login }) };
  }
  const { outcome, rule, endsSession } = protocol.rules.decide(received, command);
  return {
    ...base,
    ...open,
    outcome,
    ...(rule >= 0 && { rule: rule + 1 }),
    ...(endsSession && { ends_session: true }),
  };
}

function shownLogin(verdict: LoginVerdict | undefined): LoginTrial | undefined {
  if (verdict?.kind !== "open") return verdict;
  const { lastTransaction, kept } = verdict;
  return { kind: "open", last_transaction: lastTransaction, remembered: Object.keys(kept) };
}
