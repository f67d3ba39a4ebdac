import {
  type Provider as ProviderMessage,
  ProviderStatus_SessionSlot_State as SlotState,
  type ProviderStatus as StatusMessage,
} from "../../gen/provisioning/v1/provider.js";
import type { ConfiguredProvider } from "../../providers/configured-provider.js";
import type { LimitSettings, Limits } from "../../providers/limits.js";
import type { Provider } from "../../providers/provider.js";
import type { LiveSlot, ProviderLiveState } from "../../providers/provider-live-state.js";
import type { ShownConnection } from "../../providers/secret-settings.js";
import { PROVIDER_STATES } from "./effectiveness.js";
import { COMMAND_TYPE_MESSAGES } from "./provisioning-request.js";
import { timestampOf } from "./timestamp.js";

/** A provider as it goes over the wire; of its connection only what may be shown. */
export function providerMessage(
  provider: Provider,
  { connection, secretsSet }: ShownConnection,
): ProviderMessage {
  const { commands } = provider;
  return {
    name: provider.name,
    protocol: provider.protocol,
    lifeCycleState: PROVIDER_STATES[provider.lifeCycleState],
    commands: commands && { types: commands.map((type) => COMMAND_TYPE_MESSAGES[type]) },
    services: { ...provider.services },
    connection: { ...connection },
    secretsSet: [...secretsSet],
    limits: limitsMessage(provider.limits),
    version: BigInt(provider.version),
    definedInFile: provider.definedInFile,
    lifeCycleReason: provider.lifeCycleReason ?? "",
    createdDate: timestampOf(provider.createdDate),
    updatedDate: timestampOf(provider.updatedDate),
    createdBy: provider.createdBy ?? "",
    updatedBy: provider.updatedBy ?? "",
  };
}

const SLOT_STATES = {
  FREE: SlotState.STATE_FREE,
  DISCONNECTED: SlotState.STATE_DISCONNECTED,
  CONNECTED: SlotState.STATE_CONNECTED,
} as const satisfies Record<LiveSlot["state"], SlotState>;

/** How a provider stands, as it goes over the wire. */
export function providerStatusMessage(
  { commands, limits }: Pick<ConfiguredProvider, "commands" | "limits">,
  live: ProviderLiveState,
  fault: string | undefined,
): StatusMessage {
  const rates = live.slots.flatMap(({ answersPerSecond: rate }) =>
    rate === undefined ? [] : rate,
  );
  return {
    sessionSlots: live.slots.map((slot) => ({
      slot: slot.slot,
      state: SLOT_STATES[slot.state],
      holder: slot.holder ?? "",
      holderDescription: slot.holderDescription ?? "",
      epoch: BigInt(slot.epoch),
      sinceDate: timestampOf(slot.sinceDate),
      lastError: slot.lastError ?? "",
      answersPerSecond: slot.answersPerSecond,
    })),
    inFlight: BigInt(live.inFlight),
    tokens: live.tokens,
    answersPerSecond: rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0),
    pausedUntilDate: timestampOf(live.pausedUntil),
    commands: [...commands].map((type) => COMMAND_TYPE_MESSAGES[type]),
    limits: effectiveLimits(limits),
    fault: fault ?? "",
  };
}

function limitsMessage(limits: LimitSettings): ProviderMessage["limits"] {
  const { ratePerSecond, burst, maxInFlight, maxAttempts } = limits;
  return { ratePerSecond, burst, maxInFlight, maxAttempts };
}

function effectiveLimits({ ratePerSecond, burst, ...limits }: Limits): ProviderMessage["limits"] {
  // The default burst of a slow rate is a fraction more than a whole number at times.
  const whole = ratePerSecond === undefined ? undefined : Math.floor(burst);
  return { ...limits, ratePerSecond, burst: whole };
}
