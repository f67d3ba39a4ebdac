import type { FaultSink } from "../format/fault-sink.js";
import type { BodyTemplate } from "../format/http-section.js";
import type { SendScope } from "../template/send-scope.js";
import type { Find } from "../template/template.js";
import { asIs, escapeUrl, escapeXml } from "./escapes.js";
import { jsonBody } from "./json-template.js";
import { pairs } from "./pairs.js";
import { textTemplate } from "./text-template.js";
import { readXml } from "./xml-reader.js";

/** The body of a request. */
export interface Body {
  readonly type: string;
  readonly variables: readonly string[];
  render(scope: SendScope, masked: boolean): string;
}

/** Makes a body of its template. */
export function bodyOf(source: BodyTemplate, find: Find<SendScope>, fault: FaultSink): Body {
  if ("json" in source) {
    const json = jsonBody(source.json, find, (path, text) => fault(["json", ...path], text));
    return { type: "application/json", ...json };
  }
  if ("form" in source) {
    const form = pairs(source.form, find, escapeForm, (path, text) =>
      fault(["form", ...path], text),
    );
    return {
      type: "application/x-www-form-urlencoded",
      variables: form.variables,
      render: (scope, masked) => formText(form.render(scope, masked)),
    };
  }
  if ("xml" in source) {
    const template = textTemplate(source.xml, find, escapeXml, (text) => fault(["xml"], text));
    const sample = source.xml.replaceAll(/\{[^{}]*\}/g, "x");
    const read = readXml(sample);
    if ("fault" in read) fault(["xml"], `is no XML: ${read.fault}`);
    return { ...template, type: source.type };
  }
  const template = textTemplate(source.text, find, asIs, (text) => fault(["text"], text));
  return { ...template, type: source.type };
}

/** Pairs as forms and queries have them. */
export function formText(list: readonly (readonly [string, string])[]): string {
  return list.map(([name, value]) => `${escapeUrl(name)}=${value}`).join("&");
}

function escapeForm(text: string): string {
  return escapeUrl(text).replaceAll("%20", "+");
}
