import type { Frame } from "./frame-reader.js";
import { MESSAGE_TYPES, type Message, type MessageName, type ParameterName } from "./messages.js";
import { ReceivedParameters } from "./received-parameters.js";
import { WireFault } from "./wire-fault.js";

/** An answer to a command that says what became of it. */
export type CommandAnswer =
  | {
      readonly name: "COMMAND_ACCEPTED";
      readonly transaction: number;
      readonly reference: string;
      /** The answer to GET_ACTIVE_SERVICES. */
      readonly services: readonly string[];
    }
  | {
      readonly name: "COMMAND_REJECTED";
      readonly transaction: number;
      readonly code: number;
      readonly description: string;
    }
  | {
      readonly name: "COMMAND_BUSY";
      readonly transaction: number;
      readonly retryAfterMs: number;
    };

/**
 * An answer to a command with a parameter missing, twice or malformed. What the CA system did is
 * not known then: a COMMAND_ACCEPTED without its reference number proves nothing.
 */
export interface UnreadableAnswer {
  readonly name: "UNREADABLE";
  readonly transaction: number;
  readonly message: MessageName;
  readonly parameter: ParameterName;
}

/** The answer to SESSION_SETUP and SESSION_TEST. */
export interface SessionStatus {
  readonly name: "SESSION_STATUS";
  readonly transaction: number;
  /** Undefined unless it was there and readable; only the answer to SESSION_SETUP needs it. */
  readonly lastTransaction: number | undefined;
}

/** Everything that a CA system may say. */
export type Answer = SessionStatus | CommandAnswer | UnreadableAnswer;

/** Reads what the CA system sent. Throws a WireFault for what closes the connection. */
export function decodeAnswer(frame: Frame): Answer {
  const decode = DECODERS.get(frame.type);
  if (decode === undefined) {
    throw new WireFault(`unexpected message type 0x${frame.type.toString(16).padStart(4, "0")}`);
  }
  const parameters = new ReceivedParameters(frame.body);
  const transaction = parameters.u32("transaction");
  if (transaction === undefined) throw new WireFault("a message without one 4-byte transaction");
  return decode(parameters, transaction);
}

/** A command's answer as a message, for the readable form. */
export function answerMessage(answer: CommandAnswer | UnreadableAnswer): Message {
  const { name, transaction } = answer;
  switch (name) {
    case "COMMAND_ACCEPTED":
      return {
        name,
        parameters: [
          ["transaction", transaction],
          ["reference_number", answer.reference],
          ...answer.services.map((service) => ["service_ca_id", service] as const),
        ],
      };
    case "COMMAND_REJECTED":
      return {
        name,
        parameters: [
          ["transaction", transaction],
          ["error_code", answer.code],
          ["error_description", answer.description],
        ],
      };
    case "COMMAND_BUSY":
      return {
        name,
        parameters: [
          ["transaction", transaction],
          ["retry_after_ms", answer.retryAfterMs],
        ],
      };
    case "UNREADABLE":
      return { name: answer.message, parameters: [["transaction", transaction]] };
  }
}

type Decoder = (parameters: ReceivedParameters, transaction: number) => Answer;

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [MESSAGE_TYPES.SESSION_STATUS, decodeStatus],
  [MESSAGE_TYPES.COMMAND_ACCEPTED, decodeAccepted],
  [MESSAGE_TYPES.COMMAND_REJECTED, decodeRejected],
  [MESSAGE_TYPES.COMMAND_BUSY, decodeBusy],
]);

function decodeStatus(parameters: ReceivedParameters, transaction: number): Answer {
  return {
    name: "SESSION_STATUS",
    transaction,
    lastTransaction: parameters.u32("last_transaction"),
  };
}

function decodeAccepted(parameters: ReceivedParameters, transaction: number): Answer {
  const name = "COMMAND_ACCEPTED";
  const reference = parameters.text("reference_number", { min: 1, max: 64 });
  if (reference === undefined) return unreadable(name, transaction, "reference_number");
  const services = parameters.names("service_ca_id", { min: 1, max: 32 }, 64);
  if (services === undefined) return unreadable(name, transaction, "service_ca_id");
  return { name, transaction, reference, services };
}

function decodeRejected(parameters: ReceivedParameters, transaction: number): Answer {
  const name = "COMMAND_REJECTED";
  const code = parameters.u16("error_code");
  if (code === undefined) return unreadable(name, transaction, "error_code");
  const description = parameters.text("error_description", { min: 0, max: 512 });
  if (description === undefined) return unreadable(name, transaction, "error_description");
  return { name, transaction, code, description };
}

function decodeBusy(parameters: ReceivedParameters, transaction: number): Answer {
  const name = "COMMAND_BUSY";
  const retryAfterMs = parameters.u32("retry_after_ms");
  if (retryAfterMs === undefined) return unreadable(name, transaction, "retry_after_ms");
  return { name, transaction, retryAfterMs };
}

function unreadable(
  message: MessageName,
  transaction: number,
  parameter: ParameterName,
): UnreadableAnswer {
  return { name: "UNREADABLE", transaction, message, parameter };
}
