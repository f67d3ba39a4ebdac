import type { z } from "zod";
import type { Violations } from "../../calls/fields/violations.js";
import { pathText } from "./json-reader.js";

const EXPECTED: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a whole number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/**
 * Records what zod found wrong with the parameters of a call, each by its name. No text quotes a
 * value: it may be a secret.
 */
export function addFaults(violations: Violations, issues: readonly z.core.$ZodIssue[]): void {
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        violations.add(pathText([...issue.path, key]), "is no parameter of this call");
      }
    } else {
      violations.add(pathText(issue.path), textOf(issue));
    }
  }
}

function textOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${EXPECTED[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    default:
      return issue.message;
  }
}
