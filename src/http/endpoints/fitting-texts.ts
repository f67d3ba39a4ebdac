/** A page ends here, as it does over gRPC. */
const MAX_PAGE_LENGTH = 3 * 1024 * 1024;

/** The first of the things as texts, as many as fit into a page; one at least, if there is one. */
export function fittingTexts<Thing>(
  things: readonly Thing[],
  textOf: (thing: Thing) => string,
): string[] {
  const texts: string[] = [];
  let length = 0;
  for (const thing of things) {
    const text = textOf(thing);
    length += text.length;
    if (texts.length > 0 && length > MAX_PAGE_LENGTH) break;
    texts.push(text);
  }
  return texts;
}
