import type { Value, ValueKind } from "../fields/value.js";

/** What a placeholder stands for. */
export interface Variable<Scope> {
  readonly kind: ValueKind;
  readonly secret: boolean;
  readonly list: boolean;
  readonly get: (scope: Scope) => Value | readonly Value[] | undefined;
}

/** A constant, or a text with placeholders, ready to be filled in. */
export interface Template<Scope> {
  readonly kind: ValueKind;
  /** Something in it must not be shown. */
  readonly secret: boolean;
  /** It has several values. */
  readonly list: boolean;
  /** Names of its placeholders. */
  readonly variables: readonly string[];
  readonly get: (scope: Scope) => Value | readonly Value[] | undefined;
}

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;

/**
 * Reads a template. `{name}` alone is the variable with its own kind; with anything beside it, all
 * becomes one text, in which what has no value is empty. `{{` and `}}` are braces.
 */
export function parseTemplate<Scope>(
  source: string | number,
  find: (name: string) => Variable<Scope> | undefined,
): { readonly template: Template<Scope> } | { readonly fault: string } {
  if (typeof source === "number") return { template: constant(source) };
  const pieces: (string | Variable<Scope>)[] = [];
  const variables: string[] = [];
  for (const [piece, name] of source.matchAll(PIECE)) {
    if (name !== undefined) {
      const variable = find(name);
      if (variable === undefined) return { fault: `there is no {${name}} here` };
      variables.push(name);
      pieces.push(variable);
    } else if (piece === "{" || piece === "}") {
      return { fault: `has a single ${piece}: write it twice` };
    } else {
      pieces.push(piece === "{{" ? "{" : piece === "}}" ? "}" : piece);
    }
  }
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined && typeof first !== "string") {
    return { template: { ...first, variables } };
  }
  if (variables.length === 0) return { template: constant(pieces.join("")) };
  const listed = pieces.find((piece) => typeof piece !== "string" && piece.list);
  if (listed !== undefined) return { fault: "has several values: it must stand alone" };
  return {
    template: {
      kind: "text",
      secret: pieces.some((piece) => typeof piece !== "string" && piece.secret),
      list: false,
      variables,
      get: (scope) => joined(pieces, scope),
    },
  };
}

function constant<Scope>(value: string | number): Template<Scope> {
  const kind = typeof value === "number" ? "number" : "text";
  return { kind, secret: false, list: false, variables: [], get: () => value };
}

function joined<Scope>(pieces: readonly (string | Variable<Scope>)[], scope: Scope): string {
  let text = "";
  for (const piece of pieces) {
    text += typeof piece === "string" ? piece : String(piece.get(scope) ?? "");
  }
  return text;
}
