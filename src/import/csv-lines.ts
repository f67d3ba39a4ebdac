import { type CsvHeader, readHeader } from "./csv-columns.js";
import { type CsvRecord, readRecords } from "./csv-record.js";
import type { Line } from "./file-lines.js";
import type { ImportLine } from "./import-line.js";
import { UnusableInput } from "./unusable-input.js";

/** Reads the lines of a CSV file: one item each, or a subscription without items. */
export async function* readCsvLines(
  blocks: AsyncIterable<readonly Line[]>,
): AsyncGenerator<ImportLine[]> {
  let header: CsvHeader | undefined;
  for await (const records of readRecords(blocks)) {
    const [first, ...others] = records;
    if (header === undefined && first !== undefined) {
      header = headerOf(first);
      yield importLines(header, others);
    } else if (header !== undefined) {
      yield importLines(header, records);
    }
  }
  if (header === undefined) throw new UnusableInput("the file is empty: it has no header line");
}

function headerOf({ result }: CsvRecord): CsvHeader {
  if ("fault" in result) throw new UnusableInput(`the header line ${result.fault}`);
  return readHeader(result.cells);
}

function importLines(header: CsvHeader, records: readonly CsvRecord[]): ImportLine[] {
  return records.map(({ line, content, result }) => {
    if ("fault" in result) {
      return { kind: "broken", line, content, field: null, message: `the line ${result.fault}` };
    }
    const { cells } = result;
    if (cells.length !== header.width) {
      const message = `the line has ${cells.length} cells where the header has ${header.width}`;
      return { kind: "broken", line, content, field: null, message };
    }
    return { kind: "draft", line, content, draft: header.draft(cells) };
  });
}
