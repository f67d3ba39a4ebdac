import { z } from "zod";
import { emptyTree, type Tree } from "./tree.js";

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
const WHOLE = /^-?\d{1,15}$/;

/**
 * Makes the texts of a form or a query what the schema has in their place: truth values of true,
 * false, 1 and 0, whole numbers, lists of what stands between commas. A text that is none of them
 * stays one, and the schema refuses it.
 */
export function typedTexts(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return typedTexts(schema.unwrap() as z.ZodType, value);
  }
  if (typeof value === "string") return typed(schema, value);
  if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return value;
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  const tree = emptyTree();
  for (const [name, member] of Object.entries(value as Tree)) {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
    tree[name] = known === undefined ? member : typedTexts(known, member);
  }
  return tree;
}

function typed(schema: z.ZodType, text: string): unknown {
  if (schema instanceof z.ZodBoolean) return TRUTH.get(text) ?? text;
  if (schema instanceof z.ZodNumber) return WHOLE.test(text) ? Number(text) : text;
  if (schema instanceof z.ZodArray) return text === "" ? [] : text.split(",");
  return text;
}
