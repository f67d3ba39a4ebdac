import { z } from "zod";
import { UnwritableValue } from "../fields/output.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { JsonTemplate } from "../format/http-section.js";
import { wanted } from "../format/words.js";
import { sendCondition } from "../template/send-condition.js";
import type { SendScope } from "../template/send-scope.js";
import { type Find, parseTemplate } from "../template/template.js";
import { withItem } from "../template/with-item.js";
import { asIs } from "./escapes.js";
import { textTemplate } from "./text-template.js";

const conditions = z.record(z.string(), wanted);
const NO_LIST = { kind: "text", secret: false } as const;

/** Makes a value of JSON; undefined for one that is left out. */
type Build = (scope: SendScope, masked: boolean) => unknown;

/** JSON with placeholders. */
export interface JsonBody {
  readonly variables: readonly string[];
  /** `masked`: with `****` for what is secret. */
  render(scope: SendScope, masked: boolean): string;
}

const EACH = "$each";
const ITEM = "$item";
const WHEN = "$when";
const THEN = "$then";

/**
 * Makes JSON of a template. A placeholder alone keeps its kind: a number stays one. `{ $each:
 * "{NAME}", $item: ... }` is a list with an element for each value of the variable, in which
 * `{item}` is the value in hand; `{ $when: { NAME: ... }, $then: ... }` is left out unless all
 * conditions hold. Names of members are templates too; two that come to the same name cannot be
 * written.
 */
export function jsonBody(source: JsonTemplate, find: Find<SendScope>, fault: FaultSink): JsonBody {
  const variables: string[] = [];
  const build = builder(source, [], find);
  return { variables, render: (scope, masked) => JSON.stringify(build(scope, masked)) };

  function builder(
    template: JsonTemplate,
    path: readonly PropertyKey[],
    find: Find<SendScope>,
  ): Build {
    if (typeof template === "string") return textBuilder(template, path, find);
    if (typeof template !== "object" || template === null) return () => template;
    if (isList(template)) {
      const elements = template.map((each, index) => builder(each, [...path, index], find));
      return (scope, masked) =>
        elements.map((element) => element(scope, masked)).filter((value) => value !== undefined);
    }
    const { [EACH]: source, [ITEM]: item } = template;
    if (typeof source === "string" && item !== undefined && Object.keys(template).length === 2) {
      return listBuilder(source, item, path, find);
    }
    const { [WHEN]: when, [THEN]: then } = template;
    if (when !== undefined && then !== undefined && Object.keys(template).length === 2) {
      return choiceBuilder(when, then, path, find);
    }
    const members = Object.entries(template).map(([name, each]) => {
      const title = textTemplate(name, find, asIs, (text) => fault([...path, name], text));
      variables.push(...title.variables);
      return [title, builder(each, [...path, name], find)] as const;
    });
    return (scope, masked) => {
      const object = new Map<string, unknown>();
      for (const [title, member] of members) {
        const value = member(scope, masked);
        if (value === undefined) continue;
        const name = title.render(scope, masked);
        // One of the two would be lost, and it might be the card.
        if (object.has(name)) throw new UnwritableValue(`has two members named ${name}`);
        object.set(name, value);
      }
      return Object.fromEntries(object);
    };
  }

  function choiceBuilder(
    source: JsonTemplate,
    then: JsonTemplate,
    path: readonly PropertyKey[],
    find: Find<SendScope>,
  ): Build {
    const { data: when } = conditions.safeParse(source);
    if (when === undefined) {
      fault([...path, WHEN], "must be a mapping of placeholders to what they must be");
      return () => undefined;
    }
    variables.push(...Object.keys(when).flatMap((name) => find(name)?.needs ?? [name]));
    const holds = sendCondition(when, find, ([, ...at], text) =>
      fault([...path, WHEN, ...at], text),
    );
    const value = builder(then, [...path, THEN], find);
    return (scope, masked) => (holds(scope) ? value(scope, masked) : undefined);
  }

  function listBuilder(
    source: string,
    item: JsonTemplate,
    path: readonly PropertyKey[],
    find: Find<SendScope>,
  ): Build {
    const list = textBuilder(source, [...path, EACH], find);
    const parsed = parseTemplate(source, find);
    const { kind, secret } = "fault" in parsed ? NO_LIST : parsed.template;
    const element = builder(item, [...path, ITEM], withItem(find, { kind, secret }));
    return (scope, masked) => {
      const values = list(scope, masked);
      if (!Array.isArray(values)) return [];
      return values.map((value) => {
        scope.item = value;
        return element(scope, masked);
      });
    };
  }

  function textBuilder(
    template: string,
    path: readonly PropertyKey[],
    find: Find<SendScope>,
  ): Build {
    const parsed = parseTemplate(template, find);
    if ("fault" in parsed) {
      fault(path, parsed.fault);
      return () => undefined;
    }
    const { get, secret, optional } = parsed.template;
    variables.push(...parsed.template.variables);
    return (scope, masked) => {
      const value = get(scope);
      if (value === undefined && !optional) {
        throw new UnwritableValue(`needs ${template}, which is missing`);
      }
      if (value === undefined) return undefined;
      if (masked && secret) return "****";
      return typeof value === "bigint" ? String(value) : value;
    };
  }
}

function isList(template: JsonTemplate): template is readonly JsonTemplate[] {
  return Array.isArray(template);
}
