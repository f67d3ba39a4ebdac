import type { FaultSink } from "../format/fault-sink.js";
import type { BodyTemplate } from "../format/http-section.js";
import type { SendScope } from "../template/send-scope.js";
import type { Find } from "../template/template.js";
import { asIs, escapeUrl, escapeXml } from "./escapes.js";
import { jsonBody } from "./json-template.js";
import { pairs } from "./pairs.js";
import { sectionsOf, sectionTemplate } from "./section-template.js";
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
    const template = sectionTemplate(source.xml, find, escapeXml, (text) => fault(["xml"], text));
    // Each section by itself too: it may be left out, or there twice.
    for (const text of [source.xml, ...sectionsOf(source.xml).map((each) => `<x>${each}</x>`)]) {
      const read = readXml(text.replaceAll(/\{[^{}]*\}/g, "x"));
      if ("fault" in read) fault(["xml"], `is no XML: ${read.fault}`);
    }
    return { ...template, type: source.type };
  }
  const template = sectionTemplate(source.text, find, asIs, (text) => fault(["text"], text));
  return { ...template, type: source.type };
}

/** Pairs as forms and queries have them. */
export function formText(list: readonly (readonly [string, string])[]): string {
  return list.map(([name, value]) => `${escapeUrl(name)}=${value}`).join("&");
}

function escapeForm(text: string): string {
  return escapeUrl(text).replaceAll("%20", "+");
}
