/** An answer lists no more than this, so that it stays below the 4 MiB that gRPC clients take. */
const MAX_BYTES = 3 * 1024 * 1024;

/** The first of the things, as many as fit into an answer; one at least, if there is one. */
export function firstThatFit<Thing>(
  things: readonly Thing[],
  bytesOf: (thing: Thing) => number,
): Thing[] {
  let bytes = 0;
  const beyond = things.findIndex((thing, index) => {
    bytes += bytesOf(thing);
    return index > 0 && bytes > MAX_BYTES;
  });
  return things.slice(0, beyond === -1 ? undefined : beyond);
}
