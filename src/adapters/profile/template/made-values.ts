import { createHash, createHmac } from "node:crypto";
import { UnwritableValue } from "../fields/output.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { ValueSection } from "../format/value-section.js";
import type { SendScope } from "./send-scope.js";
import { type Find, parseTemplate, type Variable } from "./template.js";

const PREFIX = "values.";

/** Finds what `find` does, and the profile's `values`; each may use those before it. */
export function withMadeValues(
  values: Readonly<Record<string, ValueSection>>,
  find: Find<SendScope>,
  fault: FaultSink,
): Find<SendScope> {
  const made = new Map<string, Variable<SendScope>>();
  const all: Find<SendScope> = (name) => made.get(name) ?? find(name);
  for (const [name, section] of Object.entries(values)) {
    const variable = make(section, all, (path, text) => fault(["values", name, ...path], text));
    if (variable !== undefined) made.set(PREFIX + name, variable);
  }
  return all;
}

type Texts = readonly ((scope: SendScope) => string)[];

function make(
  section: ValueSection,
  find: Find<SendScope>,
  fault: FaultSink,
): Variable<SendScope> | undefined {
  if ("value" in section) return withCases(section, find, fault);
  if ("base64" in section) {
    return ofTexts(
      { base64: section.base64 },
      find,
      fault,
      ([text]) =>
        (scope) =>
          Buffer.from(text?.(scope) ?? "").toString("base64"),
    );
  }
  if ("part" in section) {
    const { of, part, separator } = section;
    return ofTexts({ of }, find, fault, ([text]) => (scope) => {
      const parts = (text?.(scope) ?? "").split(separator);
      return (part === "first" ? parts[0] : parts.at(-1)) ?? "";
    });
  }
  const { digest, of, key, as } = section;
  const sources = key === undefined ? { of } : { of, key };
  return ofTexts(sources, find, fault, ([text, secret]) => (scope) => {
    const hash = secret === undefined ? createHash(digest) : createHmac(digest, secret(scope));
    return hash.update(text?.(scope) ?? "").digest(as);
  });
}

/** A text that is made of others. What is made of a secret is one. */
function ofTexts(
  sources: Readonly<Record<string, string>>,
  find: Find<SendScope>,
  fault: FaultSink,
  combine: (texts: Texts) => (scope: SendScope) => string,
): Variable<SendScope> | undefined {
  const templates = Object.entries(sources).flatMap(([key, source]) => {
    const parsed = parseTemplate(source, find);
    if ("template" in parsed) return [parsed.template];
    fault([key], parsed.fault);
    return [];
  });
  if (templates.length < Object.keys(sources).length) return undefined;
  const texts = templates.map(({ get, variables }) => (scope: SendScope) => {
    const value = get(scope);
    if (value === undefined) throw new UnwritableValue(`needs {${variables[0]}}, which is missing`);
    return String(value);
  });
  return {
    kind: "text",
    secret: templates.some(({ secret }) => secret),
    list: false,
    needs: templates.flatMap(({ variables }) => variables),
    get: combine(texts),
  };
}

function withCases(
  { value, cases }: Extract<ValueSection, { value: unknown }>,
  find: Find<SendScope>,
  fault: FaultSink,
): Variable<SendScope> | undefined {
  const parsed = parseTemplate(value, find);
  if ("fault" in parsed) {
    fault(["value"], parsed.fault);
    return undefined;
  }
  const { template } = parsed;
  const { kind, secret, list, variables } = template;
  if (cases === undefined) return { ...template, needs: variables };
  const table = new Map(Object.entries(cases));
  const numbers = [...table.values()].every((each) => typeof each === "number");
  if (list) fault(["cases"], "means nothing for several values");
  return {
    kind: numbers ? "number" : kind === "number" ? "text" : kind,
    secret,
    list: false,
    needs: variables,
    get: (scope) => {
      const given = template.get(scope);
      if (given === undefined) return undefined;
      const found = table.get(String(given));
      if (found === undefined) throw new UnwritableValue("has a value without a case");
      return found;
    },
  };
}
