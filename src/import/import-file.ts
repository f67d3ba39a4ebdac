import { createReadStream } from "node:fs";
import { columnOf } from "./csv-columns.js";
import { readCsvLines } from "./csv-lines.js";
import { readLines } from "./file-lines.js";
import type { ImportLine } from "./import-line.js";
import type { ImportTarget, LineResult } from "./import-target.js";
import { batchLines } from "./line-batches.js";
import { readNdjsonLines } from "./ndjson-lines.js";
import { readAhead } from "./read-ahead.js";
import { RejectedFile, type Rejection } from "./rejected-file.js";

/** How far an import is; the last four add up to `lines`. */
export interface ImportCounts {
  lines: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
}

export interface ImportOptions {
  readonly file: string;
  /** Made once the file is found to be of use: nothing is opened for one that is not. */
  readonly openTarget: () => Promise<ImportTarget>;
  /** Told after each batch, with the bytes of the file that have been read. */
  readonly onProgress: (counts: Readonly<ImportCounts>, bytesRead: number) => void;
}

export interface Imported extends Readonly<ImportCounts> {
  /** Where the refused lines are; undefined when there are none. */
  readonly rejectedFile: string | undefined;
}

/**
 * Imports a file, a batch at a time: what is in memory does not depend on the size of the file.
 * Fails with UnusableInput, before anything is stored, when the file cannot be understood.
 */
export async function importFile(options: ImportOptions): Promise<Imported> {
  const bytes = createReadStream(options.file);
  const ndjson = /\.(ndjson|jsonl)$/i.test(options.file);
  const lines = ndjson ? readNdjsonLines(readLines(bytes)) : readCsvLines(readLines(bytes));
  const counts = { lines: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 };
  const rejected = new RejectedFile(options.file);
  let target: ImportTarget | undefined;
  try {
    for await (const batch of readAhead(batchLines(lines))) {
      target ??= await options.openTarget();
      await rejected.write(await importBatch(target, batch, counts, ndjson));
      options.onProgress(counts, bytes.bytesRead);
    }
    if (!rejected.used) await rejected.clear();
  } finally {
    bytes.destroy();
    await Promise.all([target?.close(), rejected.close()]);
  }
  return { ...counts, rejectedFile: rejected.used ? rejected.path : undefined };
}

async function importBatch(
  target: ImportTarget,
  batch: readonly ImportLine[],
  counts: ImportCounts,
  ndjson: boolean,
): Promise<Rejection[]> {
  const drafts = batch.flatMap((line) => (line.kind === "draft" ? [line.draft] : []));
  const results = (drafts.length === 0 ? [] : await target.upsert(drafts)).values();
  const rejections: Rejection[] = [];
  for (const line of batch) {
    const rejection =
      line.kind === "broken"
        ? { field: line.field, reason: "INVALID_REQUEST", message: line.message }
        : count(results.next().value, counts, ndjson);
    if (rejection !== undefined) {
      counts.rejected += 1;
      rejections.push({ line: line.line, ...rejection, content: line.content });
    }
    counts.lines += 1;
  }
  return rejections;
}

function count(
  result: LineResult | undefined,
  counts: ImportCounts,
  ndjson: boolean,
): Pick<Rejection, "field" | "reason" | "message"> | undefined {
  switch (result?.kind) {
    case undefined:
      throw new Error("the target left a line without a result");
    case "created":
    case "updated":
    case "unchanged":
      counts[result.kind] += 1;
      return undefined;
    case "rejected": {
      const message = ndjson ? result.message : inColumns(result.message);
      return { field: fieldOf(message), reason: result.reason, message };
    }
  }
}

/** The field that the first sentence of a message names. */
function fieldOf(message: string): string | null {
  return /^([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)?): /.exec(message)?.[1] ?? null;
}

/** A message about the fields of a subscription as one about the columns of its line. */
function inColumns(message: string): string {
  return message.replace(
    /(^|; )([a-z_]+(?:\[0\]\.[a-z_]+)?)(?=: )/g,
    (_, start: string, field: string) => `${start}${columnOf(field)}`,
  );
}
