import type { Logger } from "pino";
import { requiredIdentifier } from "../../calls/fields/identifier.js";
import { pageSize } from "../../calls/fields/page-size.js";
import { validate } from "../../calls/fields/violations.js";
import type { JudgeRunDefinition } from "../../config/judge-definition.js";
import type { RunServiceService } from "../../gen/provisioning/v1/run_service.js";
import { changedValue, missing, nameInUse } from "../../providers/changed-value.js";
import type { StoredRunDefinition } from "../../providers/run-definition.js";
import type { RunDefinitionStore } from "../../store/run-definition-store.js";
import type { CallContext } from "../call-context.js";
import { runDefinitionMessage } from "../messages/run-definition.js";
import type { Handlers } from "../service-handlers.js";
import { judged } from "../validation/definition-faults.js";
import { lifeCycleChange } from "../validation/life-cycle-change.js";
import { isIdentifierCursor, pageCursor, pageToken } from "../validation/page-token.js";
import { readNewRunDefinition, readRunDefinitionUpdate } from "../validation/run-definition.js";

export interface RunDefinitionDeps {
  readonly definitions: RunDefinitionStore;
  readonly judgeRunDefinition: JudgeRunDefinition;
  /** A run definition was stored: acts on it here, and has the other instances do so. */
  readonly onRunDefinitionStored: () => Promise<void>;
  readonly log: Logger;
}

type Names =
  | "createRunDefinition"
  | "updateRunDefinition"
  | "getRunDefinition"
  | "listRunDefinitions"
  | "setRunDefinitionLifeCycleState";

const TYPE = "run_definition";

/** The handlers of RunService that keep run definitions. */
export function runDefinitionHandlers(
  deps: RunDefinitionDeps,
): Pick<Handlers<typeof RunServiceService>, Names> {
  const { definitions, judgeRunDefinition } = deps;

  async function stored(call: CallContext, definition: StoredRunDefinition, what: string) {
    const { name, version, lifeCycleState, lifeCycleReason } = definition;
    deps.log.info(
      {
        run_definition: name,
        version,
        life_cycle_state: lifeCycleState,
        reason: lifeCycleReason,
        user: call.principal.name,
      },
      what,
    );
    await deps.onRunDefinitionStored();
    return { runDefinition: runDefinitionMessage(definition) };
  }

  return {
    async createRunDefinition(call, message) {
      const accepted = validate((violations) => {
        const wanted = readNewRunDefinition(violations, message);
        return wanted && judged(violations.within(TYPE), judgeRunDefinition(wanted));
      });
      if (accepted === undefined) throw new Error("a definition without a fault was not accepted");
      const definition = await definitions.create(accepted, call.principal.name);
      if (definition === undefined) throw nameInUse(TYPE, accepted.name, "run_definition.name");
      return stored(call, definition, "run definition created");
    },

    async updateRunDefinition(call, message) {
      const update = validate((violations) => readRunDefinitionUpdate(violations, message));
      const { name, version, change } = update;
      const known = await definitions.get(name);
      if (known === undefined) throw missing(TYPE, name, "run_definition.name");
      const accepted = validate((violations) =>
        judged(violations.within(TYPE), judgeRunDefinition({ ...known, ...change })),
      );
      if (accepted === undefined) throw new Error("a definition without a fault was not accepted");
      const changed = await definitions.change(accepted, version, call.principal.name);
      const field =
        changed.kind === "other_version" ? "run_definition.version" : "run_definition.name";
      return stored(call, changedValue(changed, TYPE, name, field), "run definition changed");
    },

    async getRunDefinition(_call, message) {
      const name = validate((violations) => requiredIdentifier(violations, "name", message.name));
      const definition = await definitions.get(name);
      if (definition === undefined) throw missing(TYPE, name, "name");
      return { runDefinition: runDefinitionMessage(definition) };
    },

    async listRunDefinitions(_call, message) {
      const { limit, after } = validate((violations) => ({
        limit: pageSize(violations, message.pageSize),
        after: pageCursor(violations, message.pageToken, {}, isIdentifierCursor),
      }));
      const found = await definitions.page({ limit: limit + 1, after });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = found.length > limit && last !== undefined;
      return {
        runDefinitions: page.map(runDefinitionMessage),
        nextPageToken: more ? pageToken({}, last.name) : "",
      };
    },

    async setRunDefinitionLifeCycleState(call, message) {
      const { name, ...change } = lifeCycleChange(call, message);
      const changed = await definitions.setLifeCycleState(name, change);
      const field = changed.kind === "other_version" ? "version" : "name";
      const definition = changedValue(changed, TYPE, name, field);
      return stored(call, definition, "run definition's life cycle state set");
    },
  };
}
