import { UnwritableValue } from "../fields/output.js";
import type { Value, ValueKind } from "../fields/value.js";
import { dateFormat } from "./date-format.js";

/** What a placeholder stands for. */
export interface Variable<Scope> {
  readonly kind: ValueKind;
  readonly secret: boolean;
  readonly list: boolean;
  /** Names of the variables that it is made of, where that is not just itself. */
  readonly needs?: readonly string[];
  readonly get: (scope: Scope) => Value | readonly Value[] | undefined;
}

/** A variable at its place in a template. */
export interface Placeholder<Scope> extends Variable<Scope> {
  readonly name: string;
  /** Written with `?`: it may have no value. */
  readonly optional: boolean;
}

/** A constant, or a text with placeholders, ready to be filled in. */
export interface Template<Scope> {
  readonly kind: ValueKind;
  /** Something in it must not be shown. */
  readonly secret: boolean;
  /** It has several values. */
  readonly list: boolean;
  /** It may have no value. */
  readonly optional: boolean;
  /** Names of the variables that it needs. */
  readonly variables: readonly string[];
  readonly get: (scope: Scope) => Value | readonly Value[] | undefined;
}

export type Find<Scope> = (name: string) => Variable<Scope> | undefined;

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
const PLACEHOLDER = /^([^|?]+)(?:\|([^|?]+))?(\?)?$/;

/** Takes a template apart: texts, and placeholders. `{{` and `}}` are braces. */
export function templatePieces<Scope>(
  source: string,
  find: Find<Scope>,
): { readonly pieces: readonly (string | Placeholder<Scope>)[] } | { readonly fault: string } {
  const pieces: (string | Placeholder<Scope>)[] = [];
  for (const [piece, inside] of source.matchAll(PIECE)) {
    if (inside === undefined) {
      if (piece === "{" || piece === "}") return { fault: `has a single ${piece}: write it twice` };
      pieces.push(piece === "{{" ? "{" : piece === "}}" ? "}" : piece);
      continue;
    }
    const [, name = "", format, optional] = PLACEHOLDER.exec(inside) ?? [];
    const variable = find(name) ?? countOf(name, find);
    if (variable === undefined) return { fault: `there is no {${inside}} here` };
    const formatted = format === undefined ? variable : dateFormat(variable, format);
    if (formatted === undefined) return { fault: `has no format ${format} for {${name}}` };
    pieces.push({ ...formatted, name, optional: optional !== undefined });
  }
  return { pieces };
}

/**
 * Reads a template. `{name}` alone is the variable with its own kind; with anything beside it, all
 * becomes one text. In that, what has no value is empty if it is written `{name?}` or `lenient`.
 */
export function parseTemplate<Scope>(
  source: string | number,
  find: Find<Scope>,
  lenient = false,
): { readonly template: Template<Scope> } | { readonly fault: string } {
  if (typeof source === "number") return { template: constant(source) };
  const taken = templatePieces(source, find);
  if ("fault" in taken) return taken;
  const { pieces } = taken;
  const placeholders = pieces.filter((piece) => typeof piece !== "string");
  const variables = neededBy(placeholders);
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined && typeof first !== "string") {
    return { template: { ...first, variables } };
  }
  if (placeholders.length === 0) return { template: constant(pieces.join("")) };
  if (placeholders.some(({ list }) => list)) {
    return { fault: "has several values: it must stand alone" };
  }
  return {
    template: {
      kind: "text",
      secret: placeholders.some(({ secret }) => secret),
      list: false,
      optional: false,
      variables,
      get: (scope) => joined(pieces, scope, lenient),
    },
  };
}

const COUNT = ".count";

/** `{NAME.count}`: how many values a variable with several has. */
function countOf<Scope>(name: string, find: Find<Scope>): Variable<Scope> | undefined {
  if (!name.endsWith(COUNT)) return undefined;
  const base = name.slice(0, -COUNT.length);
  const variable = find(base);
  if (variable?.list !== true) return undefined;
  return {
    kind: "number",
    secret: false,
    list: false,
    needs: variable.needs ?? [base],
    get: (scope) => [variable.get(scope) ?? []].flat().length,
  };
}

/** The variables behind placeholders; a setting that may be missing is not needed. */
export function neededBy<Scope>(placeholders: readonly Placeholder<Scope>[]): readonly string[] {
  return placeholders.flatMap(({ name, needs, optional }) =>
    (needs ?? [name]).filter((each) => !(optional && each.startsWith("settings."))),
  );
}

function constant<Scope>(value: string | number): Template<Scope> {
  const kind = typeof value === "number" ? "number" : "text";
  return { kind, secret: false, list: false, optional: false, variables: [], get: () => value };
}

function joined<Scope>(
  pieces: readonly (string | Placeholder<Scope>)[],
  scope: Scope,
  lenient: boolean,
): string {
  let text = "";
  for (const piece of pieces) {
    text += typeof piece === "string" ? piece : textOf(piece, scope, lenient);
  }
  return text;
}

/** The value of a placeholder as text. Throws an `UnwritableValue` when it has none and must. */
export function textOf<Scope>(
  placeholder: Placeholder<Scope>,
  scope: Scope,
  lenient = false,
): string {
  const value = placeholder.get(scope);
  if (value !== undefined) return String(value);
  if (lenient || placeholder.optional) return "";
  throw new UnwritableValue(`needs {${placeholder.name}}, which is missing`);
}
