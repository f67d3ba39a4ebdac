import { parse } from "csv-parse/sync";
import type { Line } from "./file-lines.js";

/** One record of a CSV file: its cells, or why it has none. */
export interface CsvRecord {
  /** The number of its first line in the file. */
  readonly line: number;
  readonly content: string;
  readonly result: { readonly cells: readonly string[] } | { readonly fault: string };
}

/** The text of a record, before its cells are taken apart. */
interface RecordText {
  readonly line: number;
  readonly content: string;
  readonly fault: string | undefined;
}

/** A quoted cell may hold line breaks, but a quote that nobody closed must not eat the file. */
const MAX_LINES = 100;
const QUOTE = '"';

/** Cuts a CSV file into records. A faulty one never takes its neighbours with it. */
export async function* readRecords(blocks: AsyncIterable<readonly Line[]>) {
  let open: Line[] = [];
  for await (const block of blocks) {
    const texts: RecordText[] = [];
    for (const line of block) open = take(open, line, texts);
    yield parseAll(texts);
  }
  const texts: RecordText[] = [];
  while (open.length > 0) open = giveUp(open, texts);
  yield parseAll(texts);
}

/**
 * Adds a line to the lines of a record that is not complete, and returns those again. Outside of
 * quotes a record ends with its line; it is inside after an odd number of them.
 */
function take(open: Line[], line: Line, texts: RecordText[]): Line[] {
  if (line.fault !== undefined) {
    let rest = open;
    while (rest.length > 0) rest = giveUp(rest, texts);
    texts.push({ line: line.number, content: line.text, fault: line.fault });
    return [];
  }
  const odd = hasOddQuotes(line.text);
  if (open.length === 0) {
    if (odd) return [line];
    if (line.text !== "") texts.push({ line: line.number, content: line.text, fault: undefined });
    return [];
  }
  open.push(line);
  const [first] = open;
  if (odd && first !== undefined) {
    const content = open.map(({ text }) => text).join("\n");
    if ("cells" in parseOne(content)) {
      texts.push({ line: first.number, content, fault: undefined });
      return [];
    }
  }
  return odd || open.length > MAX_LINES ? giveUp(open, texts) : open;
}

/** Refuses the first line for its quotes, and takes the others as if it had not been there. */
function giveUp([first, ...others]: Line[], texts: RecordText[]): Line[] {
  if (first !== undefined) {
    const fault = "has a quote that is not closed, or not where quotes may be";
    texts.push({ line: first.number, content: first.text, fault });
  }
  let open: Line[] = [];
  for (const line of others) open = take(open, line, texts);
  return open;
}

function hasOddQuotes(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf(QUOTE); at !== -1; at = text.indexOf(QUOTE, at + 1)) quotes += 1;
  return quotes % 2 === 1;
}

/** All at once, which is fast, or one by one when any of them is faulty. */
function parseAll(texts: readonly RecordText[]): CsvRecord[] {
  const sound = texts.filter(({ fault }) => fault === undefined);
  const rows = parseRows(sound.map(({ content }) => content).join("\n"));
  const together =
    "rows" in rows && rows.rows.length === sound.length ? rows.rows.values() : undefined;
  return texts.map(({ line, content, fault }) => {
    if (fault !== undefined) return { line, content, result: { fault } };
    const cells = together?.next().value;
    return { line, content, result: cells === undefined ? parseOne(content) : { cells } };
  });
}

function parseOne(content: string): CsvRecord["result"] {
  const parsed = parseRows(content);
  if ("fault" in parsed) return parsed;
  const [cells, ...others] = parsed.rows;
  return cells === undefined || others.length > 0 ? { fault: "is not one record" } : { cells };
}

function parseRows(text: string): { rows: string[][] } | { fault: string } {
  try {
    return { rows: parse(text, { relax_column_count: true, record_delimiter: "\n" }) };
  } catch (error) {
    return { fault: `is not CSV: ${error instanceof Error ? error.message : String(error)}` };
  }
}
