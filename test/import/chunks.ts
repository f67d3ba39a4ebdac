import { type Line, readLines } from "../../src/import/file-lines.js";

/** Text, or bytes, in chunks of so many bytes, as a file would be read. */
export async function* chunksOf(content: string | Buffer, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Its lines, in blocks. */
export function linesOf(content: string | Buffer, size?: number): AsyncGenerator<Line[]> {
  return readLines(chunksOf(content, size));
}

/** All items of all blocks. */
export async function collect<T>(blocks: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const block of blocks) all.push(...block);
  return all;
}
