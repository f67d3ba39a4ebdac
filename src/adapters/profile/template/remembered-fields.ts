import type { LoginRuleSection } from "../format/rule-section.js";

/** The fields of the login's answer that later messages may use, with whether each is secret. */
export function rememberedFields(
  login: { readonly answers: readonly LoginRuleSection[] } | undefined,
  isSecret: (name: string) => boolean,
): ReadonlyMap<string, boolean> {
  const names = (login?.answers ?? []).flatMap((rule) =>
    rule.outcome === "open" ? rule.remember : [],
  );
  return new Map(names.map((name) => [name, isSecret(name)]));
}
