import type { SendScope } from "./send-scope.js";
import type { Find, Variable } from "./template.js";

/** Finds what `find` does, and `{item}`: the value in hand while those of `list` are written. */
export function withItem(
  find: Find<SendScope>,
  { kind, secret }: Pick<Variable<SendScope>, "kind" | "secret">,
): Find<SendScope> {
  const item: Variable<SendScope> = {
    kind,
    secret,
    list: false,
    needs: [],
    get: (scope) => scope.item,
  };
  return (name) => (name === "item" ? item : find(name));
}
