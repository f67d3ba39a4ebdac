import { UnwritableValue } from "../fields/output.js";
import { isKeptVariable, isSessionVariable } from "./send-variables.js";

/** True for what is made of what the login gave, and of nothing that a command brings. */
export function isOfSession(variables: readonly string[]): boolean {
  return variables.some(isKeptVariable) && variables.every(isSessionVariable);
}

/** The same work; what it cannot write is the session's fault. */
export function blamingSession<Given extends readonly unknown[], Made>(
  work: (...given: Given) => Made,
): (...given: Given) => Made {
  return (...given) => {
    try {
      return work(...given);
    } catch (error) {
      throw error instanceof UnwritableValue ? new UnwritableValue(error.message, true) : error;
    }
  };
}
