import type { Environment } from "./settings.js";

const REFERENCE = /\$?\$\{([^}]*)\}/g;

/**
 * Puts environment variables in the place of each `${NAME}`; `$${` stands for `${` itself.
 * `missing` has the names that the environment lacks; their references are left as they are.
 */
export function substitute(
  text: string,
  environment: Environment,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const replaced = text.replace(REFERENCE, (reference: string, name: string) => {
    if (reference.startsWith("$$")) return reference.slice(1);
    const value = environment[name];
    if (value !== undefined) return value;
    missing.push(name);
    return reference;
  });
  return { text: replaced, missing };
}
