/** An element of XML. Names are without their prefix. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, put together. */
  readonly text: string;
}

/** Deeper than any answer, and far from what a call stack holds. */
const MAX_DEPTH = 64;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

const NAME = "[A-Za-z_\\u0080-\\uffff][-A-Za-z0-9._\\u0080-\\uffff]*";
const QUALIFIED = `(?:${NAME}:)?${NAME}`;
const OPEN = new RegExp(`<(${QUALIFIED})`, "y");
const CLOSE = new RegExp(`</(${QUALIFIED})\\s*>`, "y");
const ATTRIBUTE = new RegExp(`\\s+(${QUALIFIED})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, "y");
const OPEN_END = /\s*(\/?)>/y;
const TEXT = /[^<]+/y;
const SPACE = /\s+/y;

interface Growing {
  readonly qualified: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

class Malformed extends Error {}

/**
 * Reads the XML that answers are made of: elements, attributes, text, CDATA; comments and
 * processing instructions are passed over. A document type is refused, and with it every entity
 * but the five that XML has by itself: nothing grows, and nothing is fetched. Prefixes must not be
 * relied upon by either side and are dropped.
 */
export function readXml(text: string): { readonly root: XmlElement } | { readonly fault: string } {
  try {
    return { root: read(text.startsWith("\u{FEFF}") ? text.slice(1) : text) };
  } catch (error) {
    if (error instanceof Malformed) return { fault: error.message };
    throw error;
  }
}

function read(text: string): XmlElement {
  const open: Growing[] = [];
  let root: XmlElement | undefined;
  let at = 0;

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return undefined;
    at = pattern.lastIndex;
    return found;
  }
  function passOver(start: string, end: string): string | undefined {
    if (!text.startsWith(start, at)) return undefined;
    const close = text.indexOf(end, at + start.length);
    if (close < 0) throw new Malformed(`${start} has no end`);
    const inside = text.slice(at + start.length, close);
    at = close + end.length;
    return inside;
  }
  function finish(element: Growing): void {
    const parent = open.at(-1);
    const { name, attributes, children, text: own } = element;
    const done = { name, attributes, children, text: own };
    if (parent !== undefined) parent.children.push(done);
    else if (root === undefined) root = done;
    else throw new Malformed("there is more than one root");
  }

  while (at < text.length) {
    const current = open.at(-1);
    if (passOver("<!--", "-->") !== undefined || passOver("<?", "?>") !== undefined) continue;
    const raw = passOver("<![CDATA[", "]]>");
    if (raw !== undefined) {
      if (current === undefined) throw new Malformed("text stands outside of the root");
      current.text += raw;
      continue;
    }
    if (text.startsWith("<!", at)) throw new Malformed("a document type is not taken");
    const closing = take(CLOSE);
    if (closing !== undefined) {
      if (current === undefined || current.qualified !== closing[1]) {
        throw new Malformed(`</${closing[1]}> closes nothing`);
      }
      open.pop();
      finish(current);
      continue;
    }
    const opening = take(OPEN);
    if (opening !== undefined) {
      const qualified = opening[1] ?? "";
      const attributes = new Map<string, string>();
      for (let found = take(ATTRIBUTE); found !== undefined; found = take(ATTRIBUTE)) {
        const name = found[1] ?? "";
        if (attributes.has(name)) throw new Malformed(`${name} is there twice`);
        attributes.set(name, plain(found[2] ?? found[3] ?? ""));
      }
      const end = take(OPEN_END);
      if (end === undefined) throw new Malformed(`<${qualified}> is malformed`);
      const element = { qualified, name: local(qualified), attributes, children: [], text: "" };
      if (end[1] === "/") finish(element);
      else if (open.push(element) > MAX_DEPTH) throw new Malformed("it is too deep");
      continue;
    }
    if (current === undefined) {
      if (take(SPACE) !== undefined) continue;
      throw new Malformed("text stands outside of the root");
    }
    const found = take(TEXT);
    if (found === undefined) throw new Malformed("a < stands alone");
    current.text += plain(found[0]);
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw new Malformed(`<${unclosed.qualified}> is not closed`);
  if (root === undefined) throw new Malformed("there is no element");
  return root;
}

function local(qualified: string): string {
  return qualified.slice(qualified.indexOf(":") + 1);
}

function plain(text: string): string {
  return text.replace(
    /&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|([A-Za-z]+));|&/g,
    (whole, hex, dec, name) => {
      const code = hex === undefined ? Number(dec) : Number.parseInt(hex, 16);
      if (name === undefined && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
      const found = typeof name === "string" ? ENTITIES[name] : undefined;
      if (found === undefined) throw new Malformed(`there is no ${whole.slice(0, 20)}`);
      return found;
    },
  );
}
