import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** The part of a generated message type that writes it. */
export interface MessageType<Message> {
  encode(message: Message, writer: BinaryWriter): BinaryWriter;
}

/** Where a writer has what it has written; its members are private, and the compiler knows their names. */
interface Room {
  readonly buffer: BinaryWriter["buffer"];
  pos: BinaryWriter["pos"];
}

/**
 * What `responseSerialize` of a generated method does, with one writer for all messages, which
 * keeps its room: 2.8 us for the response of a create instead of 7. A writer of its own begins
 * small and grows several times. For methods with small responses only: the room is as large as the
 * largest of them was.
 *
 * The bytes are copied out of the room into one of the pieces that Node shares out to small buffers.
 * The writer's own `finish` asks for memory outside of V8's heap for each message, to be freed by
 * itself: with that a create took 1.036 times the processor time (two runs of 60 pairs on SQLite).
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

/** What `finish` does, but into a shared piece. */
function takeWritten(writer: BinaryWriter): Buffer<ArrayBuffer> {
  const room = writer as unknown as Room;
  const bytes = Buffer.from(room.buffer.subarray(0, room.pos));
  room.pos = 0;
  return bytes;
}
