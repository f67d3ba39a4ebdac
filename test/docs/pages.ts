import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One page of the documentation. */
export interface Page {
  /** Path from the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly path: string;
  /** What stands after the fence, such as `sh`. */
  readonly language: string;
  readonly text: string;
}

/** The page at a path from the project's folder. */
export function page(path: string): Page {
  return { path, text: readFileSync(`${ROOT}/${path}`, "utf8") };
}

/** Every page. */
export const PAGES: readonly Page[] = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(`${ROOT}/docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map(page);

/** The fenced blocks of pages, those of one language or all. */
export function blocks(pages: readonly Page[], language?: string): Block[] {
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/^( *)```(\S*)[^\n]*\n(.*?)^\1```$/gms)]
      .map(([, indent = "", name = "", body = ""]) => ({
        path,
        language: name,
        text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      }))
      .filter((block) => language === undefined || block.language === language),
  );
}

/** The rows of the page's tables whose header begins with these cells, header and rule left out. */
export function tableRows({ path, text }: Page, ...header: readonly string[]): string[][] {
  const tables = text.match(/^\|.*\|\n\|[-|: ]+\|\n(?:\|.*\|(?:\n|$))*/gm) ?? [];
  const found = tables
    .map((table) => table.trimEnd().split("\n").map(cells))
    .filter(([first = []]) => header.every((name, index) => first[index] === name));
  if (found.length === 0) throw new Error(`${path} has no table of ${header.join(", ")}`);
  return found.flatMap((rows) => rows.slice(2));
}

/** A row as it stands in a table. */
export function row(...values: readonly string[]): string {
  return `| ${values.join(" | ")} |`;
}

/** A text without the marks of code. */
export function plain(text: string): string {
  return text.replaceAll("`", "");
}

function cells(line: string): string[] {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}
