/**
 * What a CA system is told and what it says, free of any wire format. A codec turns bytes into
 * requests and answers into bytes; everything else in the simulator sees these only. PINs stop at
 * the codec: no rule needs one, so none can reach the journal or a log.
 */

/** The commands a provider may send, in the order of their wire numbers. */
export const commandTypes = [
  "REAUTHORISE_ALL_SERVICES",
  "SET_USER_PARAMETERS",
  "AUTHORISE_SERVICES",
  "CANCEL_SERVICES",
  "PAIR",
  "UNPAIR",
  "SEND_ON_SCREEN_MESSAGE",
  "SEND_MAIL",
  "DISPLAY_FINGERPRINT",
  "GET_ACTIVE_SERVICES",
] as const;

/** A command's name. */
export type CommandType = (typeof commandTypes)[number];

/** The name of a message about the session itself. */
export type SessionMessageType = "SESSION_SETUP" | "SESSION_TEST" | "SESSION_CLOSE";

/** When a service is to be received; an absent end is open. Milliseconds since 1970. */
export interface Period {
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** A well-formed command, with as much of it as the simulated CA system acts on. */
export type Command =
  | {
      readonly type: "AUTHORISE_SERVICES";
      readonly card: string;
      readonly services: readonly string[];
      readonly period: Period;
    }
  | {
      readonly type: "CANCEL_SERVICES";
      readonly card: string;
      readonly services: readonly string[];
    }
  | {
      readonly type: Exclude<CommandType, "AUTHORISE_SERVICES" | "CANCEL_SERVICES">;
      readonly card: string;
    };

/** Well framed, but a parameter is missing, there twice or malformed. */
export interface BadValue {
  readonly type: "BAD_VALUE";
  readonly reason: string;
}

/** A provider's wish to open its session. */
export interface SessionSetup {
  readonly kind: "session_setup";
  readonly transaction: number;
  readonly sourceId: number;
  readonly password: string;
  readonly slot: number;
  readonly epoch: number;
}

/** A command as it arrived; `bytes` are the whole message, valid only while it is handled. */
export interface CommandRequest {
  readonly kind: "command";
  readonly transaction: number;
  readonly type: CommandType;
  readonly card: string | undefined;
  readonly bytes: Buffer;
  readonly content: Command | BadValue;
}

/** Everything a provider may tell a CA system. */
export type Request =
  | SessionSetup
  | { readonly kind: "session_test"; readonly transaction: number }
  | { readonly kind: "session_close"; readonly transaction: number }
  | {
      readonly kind: "bad_session_message";
      readonly transaction: number;
      readonly type: SessionMessageType;
      readonly reason: string;
    }
  | CommandRequest;

/** Bytes that are not the protocol; the connection is given up. */
export interface ProtocolError {
  readonly kind: "protocol_error";
  readonly reason: string;
}

/** Why a request is refused: the wire's code and a text for people. */
export interface Refusal {
  readonly code: number;
  readonly description: string;
}

/** Everything a CA system may answer. */
export type Answer =
  | {
      readonly kind: "status";
      readonly transaction: number;
      /** Present in the answer to a set-up only. */
      readonly lastTransaction?: number;
    }
  | {
      readonly kind: "accepted";
      readonly transaction: number;
      readonly reference: string;
      readonly services: readonly string[];
    }
  | { readonly kind: "rejected"; readonly transaction: number; readonly refusal: Refusal }
  | { readonly kind: "busy"; readonly transaction: number; readonly retryAfterMs: number };
