import type { XmlElement } from "./xml-reader.js";

/** One step of a path: into a member or element, then into all or one of what stands there. */
interface Step {
  readonly name: string;
  /** Undefined: as it is; `all`: every element; a number: that one. */
  readonly pick: "all" | number | undefined;
}

export type PathSteps = readonly Step[];

const STEP = /^([^[\]]+?)(?:\[(\d*)\])?$/;

/** A path such as `results[].code`, ready to be followed; undefined when it is none. */
export function parsePath(text: string): PathSteps | undefined {
  const steps: Step[] = [];
  for (const part of text.split(".")) {
    const [, name, pick] = STEP.exec(part) ?? [];
    if (name === undefined) return undefined;
    steps.push({ name, pick: pick === undefined ? undefined : pick === "" ? "all" : Number(pick) });
  }
  return steps;
}

/** What JSON has at a path: texts, numbers and truth values as texts; nothing else. */
export function jsonAt(root: unknown, steps: PathSteps): string[] {
  let found: unknown[] = [root];
  for (const { name, pick } of steps) {
    found = found.flatMap((value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
      if (!Object.hasOwn(value, name)) return [];
      const member = (value as Readonly<Record<string, unknown>>)[name];
      if (pick === undefined) return [member];
      if (!Array.isArray(member)) return [];
      return pick === "all" ? member : member.slice(pick, pick + 1);
    });
  }
  return found.flatMap((value) => {
    if (typeof value === "string") return [value];
    return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
  });
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
      return typeof pick === "number" ? named.slice(pick, pick + 1) : named;
    });
  }
  return found.map(({ text }) => text.trim());
}
