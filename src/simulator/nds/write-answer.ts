import type { Answer } from "../message.js";
import { headerLength, protocolVersion } from "./header.js";

/** The messages and parameters that only a CA system sends. */
const sessionStatus = 0x0002;
const commandAccepted = 0x8001;
const commandRejected = 0x8002;
const commandBusy = 0x8003;

const transaction = 0x0001;
const serviceCaId = 0x0012;
const referenceNumber = 0x0030;
const errorCode = 0x0031;
const errorDescription = 0x0032;
const retryAfterMs = 0x0033;
const lastTransaction = 0x0034;

type Field =
  | readonly [id: number, width: 2 | 4, value: number]
  | readonly [id: number, text: string];

/** Writes one answer as a frame, its parameters in the order of the message table. */
export function writeAnswer(answer: Answer): Buffer {
  const first: Field = [transaction, 4, answer.transaction];
  switch (answer.kind) {
    case "status":
      return answer.lastTransaction === undefined
        ? frame(sessionStatus, [first])
        : frame(sessionStatus, [first, [lastTransaction, 4, answer.lastTransaction]]);
    case "accepted":
      return frame(commandAccepted, [
        first,
        [referenceNumber, answer.reference],
        ...answer.services.map((service): Field => [serviceCaId, service]),
      ]);
    case "rejected":
      return frame(commandRejected, [
        first,
        [errorCode, 2, answer.refusal.code],
        [errorDescription, answer.refusal.description],
      ]);
    case "busy":
      return frame(commandBusy, [first, [retryAfterMs, 4, answer.retryAfterMs]]);
  }
}

function frame(type: number, fields: readonly Field[]): Buffer {
  const length = fields.reduce((sum, field) => sum + 4 + widthOf(field), 0);
  const bytes = Buffer.allocUnsafe(headerLength + length);
  bytes.writeUInt8(protocolVersion, 0);
  bytes.writeUInt16BE(type, 1);
  bytes.writeUInt16BE(length, 3);
  let at = headerLength;
  for (const field of fields) {
    const width = widthOf(field);
    bytes.writeUInt16BE(field[0], at);
    bytes.writeUInt16BE(width, at + 2);
    if (field.length === 3) bytes.writeUIntBE(field[2], at + 4, width);
    else bytes.write(field[1], at + 4, "utf8");
    at += 4 + width;
  }
  return bytes;
}

function widthOf(field: Field): number {
  return field.length === 3 ? field[1] : Buffer.byteLength(field[1], "utf8");
}
