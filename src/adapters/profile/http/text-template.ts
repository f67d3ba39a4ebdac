import type { SendScope } from "../template/send-scope.js";
import { blamingSession, isOfSession } from "../template/session-blame.js";
import { type Find, neededBy, templatePieces, textOf } from "../template/template.js";

/** A text with placeholders, each of whose values is escaped as its place asks. */
export interface TextTemplate {
  readonly variables: readonly string[];
  /** `masked`: with `****` for what is secret. Throws an `UnwritableValue` when a value is missing. */
  render(scope: SendScope, masked: boolean): string;
  /** True when nothing but one placeholder stands there, and that has no value and needs none. */
  leftOut(scope: SendScope): boolean;
}

/** Makes a text of a template. */
export function textTemplate(
  source: string | number,
  find: Find<SendScope>,
  escaped: (text: string) => string,
  fault: (description: string) => void,
): TextTemplate {
  const taken = templatePieces(String(source), find);
  const pieces = "pieces" in taken ? taken.pieces : [];
  if ("fault" in taken) fault(taken.fault);
  const placeholders = pieces.filter((piece) => typeof piece !== "string");
  if (placeholders.some(({ list }) => list)) fault("has several values, and room for one");
  const parts = pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    const write = (scope: SendScope) => escaped(textOf(piece, scope));
    const { secret } = piece;
    return { secret, write: isOfSession(neededBy([piece])) ? blamingSession(write) : write };
  });
  const [first] = pieces;
  const alone =
    pieces.length === 1 && typeof first === "object" && first.optional ? first : undefined;
  return {
    variables: neededBy(placeholders),
    leftOut: (scope) => alone !== undefined && alone.get(scope) === undefined,
    render(scope, masked) {
      let text = "";
      for (const part of parts) {
        if (typeof part === "string") text += part;
        else text += masked && part.secret ? "****" : part.write(scope);
      }
      return text;
    },
  };
}
