import { firstThatFit } from "../../memory/first-that-fit.js";

/** The first of the messages, as many as fit into a page; one at least, if there is one. */
export function fitting<Message>(
  codec: { encode(message: Message): { finish(): Uint8Array } },
  messages: readonly Message[],
): Message[] {
  return firstThatFit(messages, (message) => codec.encode(message).finish().length);
}
