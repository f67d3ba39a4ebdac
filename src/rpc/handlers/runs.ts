import { optionalIdentifier, requiredIdentifier } from "../../calls/fields/identifier.js";
import { pageSize } from "../../calls/fields/page-size.js";
import { validate } from "../../calls/fields/violations.js";
import type { RunServiceService } from "../../gen/provisioning/v1/run_service.js";
import { ServiceError } from "../../requests/service-error.js";
import type { RunBook } from "../../schedule/run-book.js";
import type { RunStore } from "../../store/run-store.js";
import { runMessage } from "../messages/run.js";
import type { Handlers } from "../service-handlers.js";
import { isIdentifierCursor, pageCursor, pageToken } from "../validation/page-token.js";
import { type RunDefinitionDeps, runDefinitionHandlers } from "./run-definitions.js";

const DEFAULT_DEFINITION = "default";

export interface RunDeps extends RunDefinitionDeps {
  readonly book: RunBook;
  readonly runs: RunStore;
}

/** The handlers of RunService: each is a line or two around the run book and the run store. */
export function runHandlers(deps: RunDeps): Handlers<typeof RunServiceService> {
  const { book, runs, definitions } = deps;
  return {
    ...runDefinitionHandlers(deps),

    async startRun(_call, message) {
      const name = validate(
        (violations) =>
          optionalIdentifier(violations, "run_definition", message.runDefinition) ??
          DEFAULT_DEFINITION,
      );
      const run = await book.start(name, await definitions.get(name));
      return { run: runMessage(run) };
    },

    async getRun(_call, message) {
      const id = validate((violations) => requiredIdentifier(violations, "id", message.id));
      const run = await runs.get(id);
      if (run === undefined) {
        throw ServiceError.of("RUN_NOT_FOUND", {
          field: "id",
          description: "no run has this id",
          resource: { type: "run", name: id },
        });
      }
      return { run: runMessage(run) };
    },

    async listRuns(_call, message) {
      const { definition, limit, after } = validate((violations) => {
        const named = optionalIdentifier(violations, "run_definition", message.runDefinition);
        return {
          definition: named,
          limit: pageSize(violations, message.pageSize),
          after: pageCursor(violations, message.pageToken, { named }, isIdentifierCursor),
        };
      });
      const found = await runs.list({ definition, limit: limit + 1, after });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        runs: page.map(runMessage),
        nextPageToken:
          found.length > limit && last !== undefined
            ? pageToken({ named: definition }, last.id)
            : "",
      };
    },
  };
}
