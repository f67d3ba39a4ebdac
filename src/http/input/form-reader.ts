import { ServiceError } from "../../requests/service-error.js";
import { emptyTree, MAX_DEPTH, type Tree } from "./tree.js";
import { utf8 } from "./utf8.js";

/** `name`, or `name[member]` and deeper. */
const NAME = /^[^[\]]+(?:\[[^[\]]+\])*$/;
/** More than any call has; each costs a few bytes on the wire only. */
const MAX_PARAMETERS = 100;

/**
 * Reads `name=value` pairs, of a form's bytes as Latin-1 or of a query: `smartcard_identifier[id]=item-1` is the
 * member `id` of the object `smartcard_identifier`. All values are texts.
 */
export function readForm(text: string): Tree {
  const tree = emptyTree();
  const pairs = text.split("&").filter((pair) => pair !== "");
  if (pairs.length > MAX_PARAMETERS) {
    throw malformed(undefined, `there are more than ${MAX_PARAMETERS} parameters`);
  }
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    const name = decode(equals === -1 ? pair : pair.slice(0, equals));
    if (name === undefined) throw malformed(undefined, "the name of a parameter is not UTF-8");
    if (!NAME.test(name)) throw malformed(name, "is no name of a parameter");
    const value = equals === -1 ? "" : decode(pair.slice(equals + 1));
    const path = name.split(/\]?\[|\]/).filter((step) => step !== "");
    if (value === undefined) throw malformed(path.join("."), "is not UTF-8");
    put(tree, path, value);
  }
  return tree;
}

function put(tree: Tree, path: readonly string[], value: string): void {
  const field = path.join(".");
  if (path.length > MAX_DEPTH) throw malformed(field, "nests too deep");
  let at = tree;
  for (const step of path.slice(0, -1)) {
    const next = at[step] ?? emptyTree();
    if (typeof next === "string") throw malformed(field, "is given more than once");
    at[step] = next;
    at = next as Tree;
  }
  const last = path[path.length - 1] ?? "";
  if (last in at) throw malformed(field, "is given more than once");
  at[last] = value;
}

/** A name or a value as it was before it was encoded; undefined when it is not UTF-8. */
function decode(text: string): string | undefined {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return PRINTABLE.test(spaced) ? spaced : utf8(latin1(spaced));
  const bytes = spaced.replace(ESCAPE, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return utf8(latin1(bytes));
}

const PRINTABLE = /^[ -~]*$/;
const ESCAPE = /%([0-9a-fA-F]{2})/g;

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function malformed(field: string | undefined, description: string): ServiceError {
  return ServiceError.of("MALFORMED_MESSAGE", {
    description,
    ...(field !== undefined && { field }),
  });
}
