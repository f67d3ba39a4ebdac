import type { CommandType, SessionMessageType } from "../message.js";
import type { ParameterName } from "./parameters.js";

/** How often a parameter stands in a message: 1, 0..1 or 1..64 times. */
export type Count = "one" | "optional" | "many";

/** The most values of a parameter that may come more than once. */
export const maxValues = 64;

/** One row of the message table, without the transaction that every message has. */
export interface MessageLayout {
  readonly type: SessionMessageType | CommandType;
  readonly parameters: readonly (readonly [ParameterName, Count])[];
}

const layouts: Readonly<Record<SessionMessageType | CommandType, readonly [number, ...Row[]]>> = {
  SESSION_SETUP: [0x0001, "source_id", "password", "slot", "epoch"],
  SESSION_TEST: [0x0003],
  SESSION_CLOSE: [0x0004],
  REAUTHORISE_ALL_SERVICES: [0x0101, "smartcard_ca_id", "subscription_number"],
  // Whether a pin belongs here depends on the operation; the reader checks that.
  SET_USER_PARAMETERS: [0x0102, "smartcard_ca_id", "pin_operation", ["pin", "optional"]],
  AUTHORISE_SERVICES: [
    0x0103,
    "smartcard_ca_id",
    ["service_ca_id", "many"],
    ["start", "optional"],
    ["end", "optional"],
  ],
  CANCEL_SERVICES: [0x0104, "smartcard_ca_id", ["service_ca_id", "many"]],
  PAIR: [0x0105, "smartcard_ca_id", "stb_ca_id"],
  UNPAIR: [0x0106, "smartcard_ca_id"],
  SEND_ON_SCREEN_MESSAGE: [0x0107, "smartcard_ca_id", "text", "duration"],
  SEND_MAIL: [0x0108, "smartcard_ca_id", "text"],
  DISPLAY_FINGERPRINT: [0x0109, "smartcard_ca_id", "duration"],
  GET_ACTIVE_SERVICES: [0x010a, "smartcard_ca_id"],
};

/** A parameter that comes exactly once is written as its name alone. */
type Row = ParameterName | readonly [ParameterName, Count];

/** The messages a CA system may receive, by wire number; any other number is no message. */
export const messagesById: ReadonlyMap<number, MessageLayout> = new Map(
  (Object.keys(layouts) as (keyof typeof layouts)[]).map((type) => {
    const [id, ...rows] = layouts[type];
    const parameters = rows.map((row) => (typeof row === "string" ? ([row, "one"] as const) : row));
    return [id, { type, parameters }];
  }),
);
