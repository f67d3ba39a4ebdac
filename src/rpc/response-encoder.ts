import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** The part of a generated message type that writes it. */
export interface MessageType<Message> {
  encode(message: Message, writer: BinaryWriter): BinaryWriter;
}

/** Where a BinaryWriter has what it has written. */
interface Room {
  buffer?: unknown;
  pos?: unknown;
}

/**
 * What `responseSerialize` of a generated method does, with one writer for all messages, which
 * keeps its room: 2.8 us for the response of a create instead of 7. A writer of its own begins
 * small and grows several times. For methods with small responses only: the room is as large as the
 * largest of them was.
 *
 * The bytes that it returns are the writer's room itself, and good until the next message: grpc-js
 * copies them into a frame as soon as it is given them. A copy for each, as the writer's own
 * `finish` makes, is memory outside of V8's heap, which is asked for and freed one by one: with
 * those a create took 1.036 times the processor time (two runs of 60 pairs on SQLite).
 */
export function responseEncoder<Message>(
  type: MessageType<Message>,
): (message: Message) => Buffer<ArrayBuffer> {
  let writer = new BinaryWriter();
  return (message) => {
    try {
      return takeWritten(type.encode(message, writer));
    } catch (error) {
      // It holds half a message.
      writer = new BinaryWriter();
      throw error;
    }
  };
}

/** Where the writer is not what it was, its own copy will do. */
function takeWritten(writer: BinaryWriter): Buffer<ArrayBuffer> {
  const room = writer as unknown as Room;
  const { buffer, pos } = room;
  if (!(buffer instanceof Uint8Array) || typeof pos !== "number") {
    const bytes = writer.finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
  room.pos = 0;
  return Buffer.from(buffer.buffer as ArrayBuffer, buffer.byteOffset, pos);
}
