import {
  HEADER_LENGTH,
  MAX_BODY_LENGTH,
  PARAMETER_HEADER_LENGTH,
  PROTOCOL_VERSION,
} from "./frame.js";
import { MESSAGE_TYPES, type Message, type Parameter, parameterEntry } from "./messages.js";

/**
 * The bytes of a message. Values are written as they stand: one that is well framed but against
 * the profile is the CA system's to refuse. Throws a RangeError for what cannot be framed at all.
 */
export function encodeMessage(message: Message): Buffer {
  let length = 0;
  for (const parameter of message.parameters) {
    length += PARAMETER_HEADER_LENGTH + valueLength(parameter);
  }
  if (length > MAX_BODY_LENGTH) {
    throw new RangeError(`${message.name} would have ${length} bytes, over ${MAX_BODY_LENGTH}`);
  }
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + length);
  let offset = frame.writeUInt8(PROTOCOL_VERSION, 0);
  offset = frame.writeUInt16BE(MESSAGE_TYPES[message.name], offset);
  offset = frame.writeUInt16BE(length, offset);
  for (const parameter of message.parameters) offset = writeParameter(frame, parameter, offset);
  return frame;
}

function valueLength([name, value]: Parameter): number {
  const { form } = parameterEntry(name);
  switch (form) {
    case "u8":
      return 1;
    case "u16":
      return 2;
    case "u32":
      return 4;
    case "text":
      return Buffer.byteLength(String(value));
  }
}

function writeParameter(frame: Buffer, parameter: Parameter, start: number): number {
  const [name, value] = parameter;
  const { type, form } = parameterEntry(name);
  let offset = frame.writeUInt16BE(type, start);
  offset = frame.writeUInt16BE(valueLength(parameter), offset);
  switch (form) {
    case "u8":
      return frame.writeUInt8(Number(value), offset);
    case "u16":
      return frame.writeUInt16BE(Number(value), offset);
    case "u32":
      return frame.writeUInt32BE(Number(value), offset);
    case "text":
      return offset + frame.write(String(value), offset);
  }
}
