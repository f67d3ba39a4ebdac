import type { BadValue, Command, CommandType, ProtocolError, Request } from "../message.js";
import { headerLength } from "./header.js";
import { type MessageLayout, messagesById } from "./messages.js";
import { parameters } from "./parameters.js";
import { splitTlvs, type Tlv } from "./tlv.js";
import { badValue, collectValues, Values } from "./values.js";

/** Reads one whole frame. */
export function readRequest(frame: Buffer): Request | ProtocolError {
  const id = frame.readUInt16BE(1);
  const layout = messagesById.get(id);
  // An answer's number sent to the CA system is the wrong direction, and as unknown as any other.
  if (layout === undefined) return error(`message type 0x${id.toString(16).padStart(4, "0")}`);
  const tlvs = splitTlvs(frame.subarray(headerLength));
  if (tlvs === undefined) return error("parameter longer than its message");
  const transaction = readTransaction(tlvs);
  if (transaction === undefined) return error("no 4-byte transaction");
  return readMessage(layout, transaction, tlvs, frame);
}

/** Two numbers are as unreadable as none: an answer could name only one of them. */
function readTransaction(tlvs: readonly Tlv[]): number | undefined {
  const [only, ...more] = tlvs.filter((tlv) => tlv.id === parameters.transaction.id);
  if (only === undefined || more.length > 0 || !parameters.transaction.valid(only.value)) {
    return undefined;
  }
  return only.value.readUInt32BE(0);
}

function readMessage(
  layout: MessageLayout,
  transaction: number,
  tlvs: readonly Tlv[],
  bytes: Buffer,
): Request {
  const values = collectValues(layout, tlvs);
  switch (layout.type) {
    case "SESSION_TEST":
      return { kind: "session_test", transaction };
    case "SESSION_CLOSE":
      return { kind: "session_close", transaction };
    case "SESSION_SETUP":
      if (!(values instanceof Values)) {
        const { reason } = values;
        return { kind: "bad_session_message", transaction, type: layout.type, reason };
      }
      return {
        kind: "session_setup",
        transaction,
        sourceId: values.number("source_id"),
        password: values.text("password"),
        slot: values.number("slot"),
        epoch: values.number("epoch"),
      };
    default: {
      const type = layout.type;
      const content = readCommand(type, transaction, values);
      return { kind: "command", transaction, type, card: readCard(tlvs), bytes, content };
    }
  }
}

function readCommand(
  type: CommandType,
  transaction: number,
  values: Values | BadValue,
): Command | BadValue {
  // Command numbers go from 1; 0 would also be last_transaction's word for "none".
  if (transaction === 0) return badValue("transaction", "malformed");
  if (!(values instanceof Values)) return values;
  const card = values.text("smartcard_ca_id");
  switch (type) {
    case "AUTHORISE_SERVICES": {
      const period = {
        start: milliseconds(values, "start"),
        end: milliseconds(values, "end"),
      };
      return { type, card, services: values.texts("service_ca_id"), period };
    }
    case "CANCEL_SERVICES":
      return { type, card, services: values.texts("service_ca_id") };
    case "SET_USER_PARAMETERS": {
      const setsPin = values.number("pin_operation") === 2;
      if (setsPin && !values.has("pin")) return badValue("pin", "missing");
      // A reset that carries a pin says two things at once; neither is safe to act on.
      if (!setsPin && values.has("pin")) return badValue("pin", "there with a reset");
      return { type, card };
    }
    case "REAUTHORISE_ALL_SERVICES":
    case "PAIR":
    case "UNPAIR":
    case "SEND_ON_SCREEN_MESSAGE":
    case "SEND_MAIL":
    case "DISPLAY_FINGERPRINT":
    case "GET_ACTIVE_SERVICES":
      return { type, card };
  }
}

/** The card for the journal, also of a command that is otherwise bad. */
function readCard(tlvs: readonly Tlv[]): string | undefined {
  const { id, valid } = parameters.smartcard_ca_id;
  const value = tlvs.find((tlv) => tlv.id === id)?.value;
  return value !== undefined && valid(value) ? value.toString("latin1") : undefined;
}

function milliseconds(values: Values, name: "start" | "end"): number | undefined {
  return values.has(name) ? values.number(name) * 1000 : undefined;
}

function error(reason: string): ProtocolError {
  return { kind: "protocol_error", reason };
}
