import { isUtf8 } from "node:buffer";

/** One line of a file, without its end. */
export interface Line {
  /** Counting from 1. */
  readonly number: number;
  readonly text: string;
  /** Why the line cannot be used; its text is then what can be shown of it. */
  readonly fault: string | undefined;
}

/** A subscription of a thousand items fits into it. */
const MAX_LINE_BYTES = 1024 * 1024;
const SHOWN_BYTES = 1000;
const NEWLINE = 0x0a;

/**
 * Cuts a file into lines, those of one chunk at a time. Holds one line in memory at most, and of a
 * line that is too long only the beginning. A byte order mark and carriage returns are taken off.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let carry: Buffer[] = [];
  let carried = 0;
  let number = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end !== -1) {
      const lines = split(Buffer.concat([...carry, chunk.subarray(0, end)]), number);
      number += lines.length;
      carry = [];
      carried = 0;
      yield lines;
    }
    // Enough is kept to see that the line is too long, and to show how it begins.
    if (carried <= MAX_LINE_BYTES) {
      const rest = chunk.subarray(end + 1);
      carry.push(rest);
      carried += rest.length;
    }
  }
  if (carried > 0) yield split(Buffer.concat(carry), number);
}

function split(bytes: Buffer, before: number): Line[] {
  if (isUtf8(bytes) && bytes.length <= MAX_LINE_BYTES) {
    const texts = bytes.toString("utf8").split("\n");
    return texts.map((text, index) => line(before + index + 1, text));
  }
  const lines: Line[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    lines.push(checkedLine(before + lines.length + 1, bytes.subarray(start, end)));
    start = end + 1;
  }
  return lines;
}

function checkedLine(number: number, bytes: Buffer): Line {
  if (bytes.length > MAX_LINE_BYTES) {
    const text = bytes.toString("utf8", 0, SHOWN_BYTES);
    return line(number, text, `is longer than ${MAX_LINE_BYTES} bytes`);
  }
  return line(number, bytes.toString("utf8"), isUtf8(bytes) ? undefined : "is not UTF-8");
}

function line(number: number, text: string, fault?: string): Line {
  const start = number === 1 && text.startsWith("\u{FEFF}") ? 1 : 0;
  const end = text.endsWith("\r") ? text.length - 1 : text.length;
  return { number, text: text.slice(start, end), fault };
}
