import type { Logger } from "pino";
import { pageSize } from "../../calls/fields/page-size.js";
import { validate } from "../../calls/fields/violations.js";
import type { JudgeProvider } from "../../config/judge-definition.js";
import { Provider } from "../../gen/provisioning/v1/provider.js";
import type { ProviderServiceService } from "../../gen/provisioning/v1/provider_service.js";
import { changedValue, missing, nameInUse } from "../../providers/changed-value.js";
import type { ProtocolLookup } from "../../providers/configure-adapter.js";
import type { Provider as StoredProvider } from "../../providers/provider.js";
import { changedDefinition } from "../../providers/provider-change.js";
import { secretsOf, shownConnection } from "../../providers/secret-settings.js";
import type { ProviderStore } from "../../store/provider-store.js";
import type { CallContext } from "../call-context.js";
import { EFFECTIVENESS_OF } from "../messages/effectiveness.js";
import { fitting } from "../messages/fitting.js";
import { providerMessage } from "../messages/provider.js";
import type { Handlers } from "../service-handlers.js";
import { judged } from "../validation/definition-faults.js";
import { enumValue } from "../validation/enum-value.js";
import { lifeCycleChange } from "../validation/life-cycle-change.js";
import { isIdentifierCursor, pageCursor, pageToken } from "../validation/page-token.js";
import { readNewProvider, readProviderUpdate } from "../validation/provider.js";
import { type GetProviderDeps, getProvider } from "./get-provider.js";
import { type TestConnectionDeps, testProviderConnection } from "./test-provider-connection.js";

export interface ProviderDeps extends GetProviderDeps, TestConnectionDeps {
  readonly providers: ProviderStore;
  readonly findProtocol: ProtocolLookup;
  readonly judgeProvider: JudgeProvider;
  /** A provider was stored: acts on it here, and has the other instances do so. */
  readonly onProviderStored: () => Promise<void>;
  readonly log: Logger;
}

/** The handlers of ProviderService. */
export function providerHandlers(deps: ProviderDeps): Handlers<typeof ProviderServiceService> {
  const { providers, findProtocol, judgeProvider } = deps;
  const shown = (provider: StoredProvider) =>
    providerMessage(provider, shownConnection(findProtocol, provider));

  /** Tells of a change, and the log who made it: never what the settings are. */
  async function stored(call: CallContext, provider: StoredProvider, what: string) {
    const { name, version, lifeCycleState, lifeCycleReason } = provider;
    deps.log.info(
      {
        provider: name,
        version,
        life_cycle_state: lifeCycleState,
        reason: lifeCycleReason,
        user: call.principal.name,
      },
      what,
    );
    await deps.onProviderStored();
    return { provider: shown(provider) };
  }

  return {
    async createProvider(call, message) {
      const accepted = validate((violations) => {
        const wanted = readNewProvider(violations, message);
        return wanted && judged(violations.within("provider"), judgeProvider(wanted));
      });
      if (accepted === undefined) throw new Error("a provider without a fault was not accepted");
      const { name } = accepted.definition;
      const provider = await providers.create(accepted, call.principal.name);
      if (provider === undefined) throw nameInUse("provider", name, "provider.name");
      return stored(call, provider, "provider created");
    },

    async updateProvider(call, message) {
      const update = validate((violations) => readProviderUpdate(violations, message));
      const { name, version, change } = update;
      const known = await providers.get(name);
      if (known === undefined) throw missing("provider", name, "provider.name");
      const isSecret = secretsOf(findProtocol, known.protocol);
      const definition = changedDefinition(known, change, isSecret);
      const accepted = validate((violations) =>
        judged(violations.within("provider"), judgeProvider(definition)),
      );
      if (accepted === undefined) throw new Error("a provider without a fault was not accepted");
      // The version says that what was read above is what is changed.
      const changed = await providers.change(accepted, version, call.principal.name);
      const field = changed.kind === "other_version" ? "provider.version" : "provider.name";
      return stored(call, changedValue(changed, "provider", name, field), "provider changed");
    },

    getProvider: getProvider(deps),

    async listProviders(_call, message) {
      const filter = { state: message.lifeCycleState };
      const { state, limit, after } = validate((violations) => ({
        state: enumValue(
          violations,
          "life_cycle_state",
          message.lifeCycleState,
          { ...EFFECTIVENESS_OF, LIFE_CYCLE_STATE_UNSPECIFIED: "ALL" } as const,
          "ALL",
        ),
        limit: pageSize(violations, message.pageSize),
        after: pageCursor(violations, message.pageToken, filter, isIdentifierCursor),
      }));
      const found = await providers.page({
        state: state === "ALL" ? undefined : state,
        limit: limit + 1,
        after,
      });
      const page = fitting(Provider, found.slice(0, limit).map(shown));
      const last = page.at(-1);
      const more = found.length > page.length && last !== undefined;
      return { providers: page, nextPageToken: more ? pageToken(filter, last.name) : "" };
    },

    async setProviderLifeCycleState(call, message) {
      const { name, ...change } = lifeCycleChange(call, message);
      const changed = await providers.setLifeCycleState(name, change);
      const field = changed.kind === "other_version" ? "version" : "name";
      const provider = changedValue(changed, "provider", name, field);
      return stored(call, provider, "provider's life cycle state set");
    },

    testProviderConnection: testProviderConnection(deps),
  };
}
