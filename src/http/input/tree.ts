/**
 * What a body or a query holds before anything is known of what it should: texts, numbers, truth
 * values, null, lists, and objects without a prototype.
 */
export type Tree = { [name: string]: unknown };

/** An object that has what is put into it, and nothing by itself: no `constructor`, no `__proto__`. */
export function emptyTree(): Tree {
  return Object.create(null);
}

/** How deep the calls' own shapes nest is 3; what is deeper is nothing that any call takes. */
export const MAX_DEPTH = 8;
