import { z } from "zod";
import { identifierFault } from "../inventory/identifier.js";
import { PULL_PROCESS } from "../requests/pulled.js";

/** Names that something else already means where the names of run definitions are shown. */
const RESERVED: ReadonlySet<string> = new Set(["PROCESS_IMMEDIATELY", PULL_PROCESS]);

/** The name of a provider or run definition: an identifier, compared exactly. */
export const name = z.string().superRefine((text, context) => {
  const fault = identifierFault(text) ?? (RESERVED.has(text) ? "is a reserved name" : undefined);
  if (fault !== undefined) context.addIssue(fault);
});
