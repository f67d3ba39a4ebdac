import { UnwritableValue } from "../fields/output.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { JsonTemplate } from "../format/http-section.js";
import type { SendScope } from "../template/send-scope.js";
import { type Find, parseTemplate } from "../template/template.js";

/** Makes a value of JSON; undefined for one that is left out. */
type Build = (scope: SendScope, masked: boolean) => unknown;

/** JSON with placeholders. */
export interface JsonBody {
  readonly variables: readonly string[];
  /** `masked`: with `****` for what is secret. */
  render(scope: SendScope, masked: boolean): string;
}

/** Makes JSON of a template. A placeholder alone keeps its kind: a number stays one. */
export function jsonBody(source: JsonTemplate, find: Find<SendScope>, fault: FaultSink): JsonBody {
  const variables: string[] = [];
  const build = builder(source, []);
  return { variables, render: (scope, masked) => JSON.stringify(build(scope, masked)) };

  function builder(template: JsonTemplate, path: readonly PropertyKey[]): Build {
    if (typeof template === "string") return textBuilder(template, path);
    if (typeof template !== "object" || template === null) return () => template;
    if (isList(template)) {
      const elements = template.map((each, index) => builder(each, [...path, index]));
      return (scope, masked) =>
        elements.map((element) => element(scope, masked)).filter((value) => value !== undefined);
    }
    const members = Object.entries(template).map(
      ([name, each]) => [name, builder(each, [...path, name])] as const,
    );
    return (scope, masked) =>
      Object.fromEntries(members.map(([name, member]) => [name, member(scope, masked)]));
  }

  function textBuilder(template: string, path: readonly PropertyKey[]): Build {
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
