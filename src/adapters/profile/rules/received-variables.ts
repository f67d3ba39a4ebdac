import { type Received, type ReceiveLayout, slotOf } from "../message/received.js";
import type { Variable } from "../template/template.js";

/** Finds what a placeholder in a rule stands for: a field of the answer, by name. */
export function receivedVariables(
  layout: ReceiveLayout,
): (name: string) => Variable<Received> | undefined {
  return (name) => {
    const slot = slotOf(layout, name);
    const field = layout.fields[slot];
    if (field === undefined) return undefined;
    const { kind, secret, show, list } = field;
    if (kind !== "date" && !list) return { kind, secret, list, get: ({ values }) => values[slot] };
    return {
      kind: "text",
      secret,
      list: false,
      get: ({ values }) => {
        const value = values[slot];
        if (value === undefined) return undefined;
        if (typeof value !== "object") return show(value);
        // Quotes and the like are for the readable form: here texts go on as they are.
        return value.map(kind === "text" ? String : show).join(", ");
      },
    };
  };
}
