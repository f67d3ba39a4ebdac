import type { FaultSink } from "./format/fault-sink.js";
import type { AnyProfile } from "./format/profile-section.js";
import { STANDARD_KEYS } from "./settings/read-settings.js";
import { settingRule } from "./settings/setting-rules.js";

/** Checks what every profile has, beyond its form. */
export function checkCommon(
  { ca_id: caId, settings, limits }: Pick<AnyProfile, "ca_id" | "settings" | "limits">,
  fault: FaultSink,
): void {
  if (limits.pin.min > limits.pin.max) {
    fault(["limits", "pin", "max"], `must be at least ${limits.pin.min}`);
  }
  for (const [name, limit] of Object.entries(limits)) {
    if (typeof limit !== "object" || limit.min <= limit.max || name === "pin") continue;
    fault(["limits", name, "max"], `must be at least ${limit.min}`);
  }
  if (caId.min > caId.max) fault(["ca_id", "max"], `must be at least ${caId.min}`);
  for (const [name, setting] of Object.entries(settings)) {
    const at = ["settings", name];
    if (STANDARD_KEYS.includes(name)) fault(at, "is a key that every profile has");
    if (setting.optional && setting.default !== undefined) {
      fault([...at, "optional"], "means nothing with a default");
    }
    if (setting.min > setting.max) fault([...at, "max"], `must be at least ${setting.min}`);
    else if (setting.default !== undefined) {
      const { error } = settingRule(setting).safeParse(setting.default);
      for (const { message } of error?.issues ?? []) fault([...at, "default"], message);
    }
  }
}
