import type { FaultSink } from "../format/fault-sink.js";
import type { SendScope } from "../template/send-scope.js";
import type { Find } from "../template/template.js";
import { type TextTemplate, textTemplate } from "./text-template.js";

/** Names with values: a query, a form, headers. */
export interface Pairs {
  readonly variables: readonly string[];
  /** The pairs, those left out that may be. */
  render(scope: SendScope, masked: boolean): (readonly [string, string])[];
}

/** Makes pairs of templates. */
export function pairs(
  source: Readonly<Record<string, string | number>>,
  find: Find<SendScope>,
  escaped: (text: string) => string,
  fault: FaultSink,
): Pairs {
  const templates: (readonly [string, TextTemplate])[] = Object.entries(source).map(
    ([name, value]) => [name, textTemplate(value, find, escaped, (text) => fault([name], text))],
  );
  return {
    variables: templates.flatMap(([, { variables }]) => variables),
    render: (scope, masked) =>
      templates
        .filter(([, template]) => !template.leftOut(scope))
        .map(([name, template]) => [name, template.render(scope, masked)]),
  };
}
