import type { XmlElement } from "./xml-reader.js";

/** What of a list a step goes into. */
type Pick =
  | { readonly kind: "all" }
  | { readonly kind: "one"; readonly index: number }
  /** The elements of which a member is that text, or is not: one without the member is not. */
  | {
      readonly kind: "where";
      readonly name: string;
      readonly equals: boolean;
      readonly text: string;
    };

/** One step of a path: into a member or element, then into what `pick` chooses of what stands there. */
interface Step {
  readonly name: string;
  /** Undefined: as it is. */
  readonly pick: Pick | undefined;
}

export type PathSteps = readonly Step[];

const STEP = /([^.[\]]+)(?:\[([^[\]]*)\])?(?:\.(?!$)|$)/y;
const WHERE = /^([^!=]+)(!?)=(.*)$/;

/** A path such as `results[].code`, ready to be followed; undefined when it is none. */
export function parsePath(text: string): PathSteps | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const [, name, inside] = STEP.exec(text) ?? [];
    const pick = inside === undefined ? undefined : parsePick(inside);
    if (name === undefined || (inside !== undefined && pick === undefined)) return undefined;
    steps.push({ name, pick });
  }
  return steps.length === 0 ? undefined : steps;
}

function parsePick(inside: string): Pick | undefined {
  if (inside === "") return { kind: "all" };
  if (/^\d+$/.test(inside)) return { kind: "one", index: Number(inside) };
  const [, name, not, text] = WHERE.exec(inside) ?? [];
  if (name === undefined || text === undefined) return undefined;
  return { kind: "where", name, equals: not === "", text };
}

function picked<T>(
  list: readonly T[],
  pick: Pick,
  textOf: (element: T, name: string) => string | undefined,
): readonly T[] {
  switch (pick.kind) {
    case "all":
      return list;
    case "one":
      return list.slice(pick.index, pick.index + 1);
    case "where":
      return list.filter((element) => (textOf(element, pick.name) === pick.text) === pick.equals);
  }
}

/** What JSON has at a path: texts, numbers and truth values as texts; nothing else. */
export function jsonAt(root: unknown, steps: PathSteps): string[] {
  let found: unknown[] = [root];
  for (const { name, pick } of steps) {
    found = found.flatMap((value) => {
      const member = memberOf(value, name);
      if (pick === undefined) return member === undefined ? [] : [member];
      if (!Array.isArray(member)) return [];
      return picked<unknown>(member, pick, (element, key) => textOfJson(memberOf(element, key)));
    });
  }
  return found.flatMap((value) => textOfJson(value) ?? []);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function textOfJson(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/**
 * What XML has at a path of element names, the root's first; `@name` is an attribute, `*` any
 * element. Spaces around a text are no part of it.
 */
export function xmlAt(root: XmlElement, steps: PathSteps): string[] {
  let found: readonly XmlElement[] = [
    { name: "", attributes: new Map(), children: [root], text: "" },
  ];
  for (const { name, pick } of steps) {
    if (name.startsWith("@")) {
      return found.flatMap(({ attributes }) => attributes.get(name.slice(1)) ?? []);
    }
    found = found.flatMap(({ children }) => {
      const named = children.filter((child) => name === "*" || child.name === name);
      return pick === undefined ? named : picked(named, pick, textOfXml);
    });
  }
  return found.map(({ text }) => text.trim());
}

function textOfXml({ attributes, children }: XmlElement, name: string): string | undefined {
  if (name.startsWith("@")) return attributes.get(name.slice(1));
  return children.find((child) => child.name === name)?.text.trim();
}
