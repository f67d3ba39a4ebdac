import type { SendScope } from "../template/send-scope.js";
import type { Find } from "../template/template.js";
import { withItem } from "../template/with-item.js";
import { type TextTemplate, textTemplate } from "./text-template.js";

/** A section's name and what stands in it, behind no third brace. */
const SECTION = /(?<!\{)\{#([^{}]+)\}(.*?)\{\/\1\}/gs;
const LONE_MARK = /(?<!\{)\{[#/][^{}]*\}/;

/** What `{#NAME}` and `{/NAME}` stand around, in order. */
export function sectionsOf(source: string): readonly string[] {
  return [...source.matchAll(SECTION)].map(([, , inside = ""]) => inside);
}

/**
 * Makes a text of a template with sections. What stands between `{#NAME}` and `{/NAME}` is written
 * once for each value of NAME, which is `{item}` there: not at all without one.
 */
export function sectionTemplate(
  source: string,
  find: Find<SendScope>,
  escaped: (text: string) => string,
  fault: (description: string) => void,
): Pick<TextTemplate, "variables" | "render"> {
  const parts: Pick<TextTemplate, "variables" | "render">[] = [];
  let at = 0;
  for (const { 0: whole, 1: name = "", 2: inside = "", index } of source.matchAll(SECTION)) {
    parts.push(plain(source.slice(at, index), find));
    at = index + whole.length;
    const variable = find(name);
    if (variable === undefined) {
      fault(`there is no {#${name}} here`);
      continue;
    }
    const each = plain(inside, withItem(find, variable));
    parts.push({
      variables: [...(variable.needs ?? [name]), ...each.variables],
      render(scope, masked) {
        const value = variable.get(scope);
        const values = value === undefined ? [] : [value].flat();
        return values
          .map((item) => {
            scope.item = item;
            return each.render(scope, masked);
          })
          .join("");
      },
    });
  }
  parts.push(plain(source.slice(at), find));
  return {
    variables: parts.flatMap(({ variables }) => variables),
    render: (scope, masked) => parts.map((part) => part.render(scope, masked)).join(""),
  };

  function plain(text: string, known: Find<SendScope>): TextTemplate {
    const lone = LONE_MARK.exec(text)?.[0];
    if (lone === undefined) return textTemplate(text, known, escaped, fault);
    fault(`${lone} has no other end, or stands in another section`);
    return textTemplate("", known, escaped, fault);
  }
}
