/** A page ends here, so that it stays below the 4 MiB that gRPC clients take by default. */
const MAX_PAGE_BYTES = 3 * 1024 * 1024;

/** The first of the messages, as many as fit into a page; one at least, if there is one. */
export function fitting<Message>(
  codec: { encode(message: Message): { finish(): Uint8Array } },
  messages: readonly Message[],
): Message[] {
  let bytes = 0;
  const beyond = messages.findIndex((message, index) => {
    bytes += codec.encode(message).finish().length;
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return messages.slice(0, beyond === -1 ? undefined : beyond);
}
