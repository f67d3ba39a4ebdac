import type { ImportLine } from "./import-line.js";

/** As many subscriptions as one upsert takes. */
const MAX_LINES = 1000;
/** Keeps a batch well below what one gRPC message may hold. */
const MAX_CHARACTERS = 512 * 1024;

/**
 * Puts lines into batches. Lines of one subscription that follow one another stay together, so
 * that they can be stored together, unless they alone are more than a batch.
 */
export async function* batchLines(
  blocks: AsyncIterable<readonly ImportLine[]>,
): AsyncGenerator<readonly ImportLine[]> {
  let batch: ImportLine[] = [];
  let characters = 0;
  for await (const block of blocks) {
    for (const line of block) {
      const full = batch.length >= MAX_LINES || characters + line.content.length > MAX_CHARACTERS;
      if (full && batch.length > 0) {
        const end = startOfLastRun(batch, line);
        yield batch.slice(0, end);
        batch = batch.slice(end);
        characters = batch.reduce((sum, { content }) => sum + content.length, 0);
      }
      batch.push(line);
      characters += line.content.length;
    }
  }
  if (batch.length > 0) yield batch;
}

/** Where the lines begin that belong to the subscription of `next`; the end when none do. */
function startOfLastRun(batch: readonly ImportLine[], next: ImportLine): number {
  const start = 1 + batch.findLastIndex((line) => idOf(line) !== idOf(next));
  return start === 0 ? batch.length : start;
}

function idOf(line: ImportLine): string {
  return line.kind === "draft" ? line.draft.id : "";
}
