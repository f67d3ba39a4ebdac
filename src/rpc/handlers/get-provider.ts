import { requiredIdentifier } from "../../calls/fields/identifier.js";
import { validate } from "../../calls/fields/violations.js";
import type {
  GetProviderRequest,
  GetProviderResponse,
} from "../../gen/provisioning/v1/provider_service.js";
import { missing } from "../../providers/changed-value.js";
import { configureAdapter, type ProtocolLookup } from "../../providers/configure-adapter.js";
import { ConfiguredProvider } from "../../providers/configured-provider.js";
import { shownConnection } from "../../providers/secret-settings.js";
import { unusableAdapter } from "../../providers/unusable-adapter.js";
import type { ProviderStore } from "../../store/provider-store.js";
import { providerMessage, providerStatusMessage } from "../messages/provider.js";
import type { UnaryHandler } from "../unary.js";

export interface GetProviderDeps {
  readonly providers: Pick<ProviderStore, "get" | "liveState">;
  readonly findProtocol: ProtocolLookup;
}

/** GetProvider: what is stored of it, and how it stands, both as the database has them. */
export function getProvider(
  deps: GetProviderDeps,
): UnaryHandler<GetProviderRequest, GetProviderResponse> {
  const { providers, findProtocol } = deps;
  return async (_call, message) => {
    const name = validate((violations) => requiredIdentifier(violations, "name", message.name));
    const provider = await providers.get(name);
    if (provider === undefined) throw missing("provider", name, "name");
    const made = configureAdapter(findProtocol, provider);
    const fault = "adapter" in made ? undefined : made.faults.map(faultText).join("; ");
    const adapter = "adapter" in made ? made.adapter : unusableAdapter(fault ?? "");
    const configured = new ConfiguredProvider(provider, adapter);
    const { ratePerSecond, burst } = configured.limits;
    const pace = ratePerSecond === undefined ? undefined : { ratePerSecond, burst };
    const live = await providers.liveState(name, adapter.connections, pace);
    return {
      provider: providerMessage(provider, shownConnection(findProtocol, provider)),
      status: providerStatusMessage(configured, live, fault),
    };
  };
}

function faultText(fault: { path: readonly PropertyKey[]; description: string }): string {
  return `${fault.path.map(String).join(".")}: ${fault.description}`;
}
