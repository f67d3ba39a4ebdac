import type { ResolveHook } from "node:module";

/** Puts the do-nothing CA systems in the place of every protocol that the service knows. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  if (!resolved.url.endsWith("/src/adapters/registry.js")) return resolved;
  return { ...resolved, url: new URL("./nothing-registry.js", import.meta.url).href };
};
