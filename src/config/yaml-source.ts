import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from "yaml";
import type { ConfigFault } from "./config-fault.js";
import type { Environment } from "./settings.js";
import { substitute } from "./variables.js";

/** A path into the file's value: keys of mappings and indices of lists. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain values, which still knows the line of each. */
export interface YamlSource {
  /** The file's value; undefined when it is empty or no YAML. */
  readonly value: unknown;
  /** Faults of the YAML itself and of the variables it refers to. */
  readonly faults: readonly ConfigFault[];
  /** A fault at the line of the path, or of the nearest thing around it that is in the file. */
  faultAt(path: Path, description: string): ConfigFault;
}

/**
 * Parses the text and substitutes `${NAME}` in its strings, after parsing: a value is never YAML.
 * Without an environment strings are left as they are.
 */
export function parseYaml(
  file: string,
  text: string,
  environment: Environment | undefined,
): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${file}:${Math.max(1, lines.linePos(offset).line)}`;
  const faults: ConfigFault[] = [...document.errors, ...document.warnings].map((error) => ({
    where: at(error.pos[0]),
    description: error.message,
  }));
  const broken = document.errors.length > 0;

  visit(document, {
    Scalar(key, node) {
      if (environment === undefined || key === "key" || typeof node.value !== "string") return;
      const { text: value, missing } = substitute(node.value, environment);
      node.value = value;
      for (const name of missing) {
        const description = `environment variable ${JSON.stringify(name)} is not set`;
        faults.push({ where: at(node.range?.[0] ?? 0), description });
      }
    },
  });

  return {
    value: broken ? undefined : (document.toJS() ?? undefined),
    faults,
    faultAt: (path, description) => ({
      where: at(offsetOf(document, path)),
      description: `${pathText(path)}${description}`,
    }),
  };
}

/** Where the path stands in the text, or as much of it as exists. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
      if (!isScalar(pair?.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof segment === "number") {
      node = node.items[segment];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

/** `providers[0].connection.port: `, to put before a description; empty for the whole file. */
function pathText(path: Path): string {
  const text = path
    .map((segment) => (typeof segment === "number" ? `[${segment}]` : `.${String(segment)}`))
    .join("");
  return text === "" ? "" : `${text.replace(/^\./, "")}: `;
}
