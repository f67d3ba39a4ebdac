/** The messages of the reference profile by their number on the wire. */
export const MESSAGE_TYPES = {
  SESSION_SETUP: 0x0001,
  SESSION_STATUS: 0x0002,
  SESSION_TEST: 0x0003,
  SESSION_CLOSE: 0x0004,
  REAUTHORISE_ALL_SERVICES: 0x0101,
  SET_USER_PARAMETERS: 0x0102,
  AUTHORISE_SERVICES: 0x0103,
  CANCEL_SERVICES: 0x0104,
  PAIR: 0x0105,
  UNPAIR: 0x0106,
  SEND_ON_SCREEN_MESSAGE: 0x0107,
  SEND_MAIL: 0x0108,
  DISPLAY_FINGERPRINT: 0x0109,
  GET_ACTIVE_SERVICES: 0x010a,
  COMMAND_ACCEPTED: 0x8001,
  COMMAND_REJECTED: 0x8002,
  COMMAND_BUSY: 0x8003,
} as const;

/** A message of the reference profile. */
export type MessageName = keyof typeof MESSAGE_TYPES;

interface ParameterEntry {
  readonly type: number;
  /** How the value is written: a big-endian number of that many bits, or UTF-8. */
  readonly form: "u8" | "u16" | "u32" | "text";
  /** Shown as `****` in the readable form. */
  readonly secret?: true;
}

/** The parameters of the reference profile by their number on the wire. */
export const PARAMETERS = {
  transaction: { type: 0x0001, form: "u32" },
  source_id: { type: 0x0002, form: "u32" },
  password: { type: 0x0003, form: "text", secret: true },
  slot: { type: 0x0004, form: "u16" },
  epoch: { type: 0x0005, form: "u32" },
  smartcard_ca_id: { type: 0x0010, form: "text" },
  subscription_number: { type: 0x0011, form: "text" },
  service_ca_id: { type: 0x0012, form: "text" },
  start: { type: 0x0013, form: "u32" },
  end: { type: 0x0014, form: "u32" },
  stb_ca_id: { type: 0x0015, form: "text" },
  pin_operation: { type: 0x0020, form: "u8" },
  pin: { type: 0x0021, form: "text", secret: true },
  reference_number: { type: 0x0030, form: "text" },
  error_code: { type: 0x0031, form: "u16" },
  error_description: { type: 0x0032, form: "text" },
  retry_after_ms: { type: 0x0033, form: "u32" },
  last_transaction: { type: 0x0034, form: "u32" },
  text: { type: 0x0040, form: "text" },
  duration: { type: 0x0041, form: "u16" },
} as const satisfies Record<string, ParameterEntry>;

/** A parameter of the reference profile. */
export type ParameterName = keyof typeof PARAMETERS;

/** A parameter with its value. */
export type Parameter = readonly [name: ParameterName, value: number | string];

/** A message with its parameters in the order in which they are written. */
export interface Message {
  readonly name: MessageName;
  readonly parameters: readonly Parameter[];
}

/** The entry of a parameter, with what only some of them have. */
export function parameterEntry(name: ParameterName): ParameterEntry {
  return PARAMETERS[name];
}
