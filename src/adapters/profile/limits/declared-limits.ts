import type { CommandDraft, CommandFault } from "../../../requests/command-draft.js";
import type { CaNameKind } from "../../ca-adapter.js";
import type { LimitsSection, NumberLimit, TextLimit } from "../format/limits-section.js";

/** All of them ASCII: a text of one has as many characters as bytes. */
const SETS = {
  visible: { of: "visible ASCII", fits: /^[\x21-\x7e]*$/ },
  digits: { of: "digits", fits: /^[0-9]*$/ },
} as const;

/** Why a text breaks the limit, in a phrase; undefined when it does not, or there is none. */
export function textFault(limit: TextLimit | undefined, value: string): string | undefined {
  if (limit === undefined) return undefined;
  const { chars, min, max, unit } = limit;
  if (chars !== "any" && !SETS[chars].fits.test(value)) return `must be ${SETS[chars].of}`;
  const length = chars === "any" ? lengthOf(value, unit) : value.length;
  if (length < min) return `has ${length} ${unit}, under ${min}`;
  return length > max ? `has ${length} ${unit}, over ${max}` : undefined;
}

function lengthOf(value: string, unit: TextLimit["unit"]): number {
  return unit === "bytes" ? Buffer.byteLength(value) : [...value].length;
}

/** The same of a number. */
export function numberFault(limit: NumberLimit | undefined, value: number): string | undefined {
  if (limit === undefined) return undefined;
  const { min, max, step } = limit;
  if (value < min) return `is ${value}, under ${min}`;
  if (value > max) return `is ${value}, over ${max}`;
  return value % step === 0 ? undefined : `is ${value}, no multiple of ${step}`;
}

const NAMES: Readonly<Record<Exclude<CaNameKind, "SMARTCARD">, keyof LimitsSection>> = {
  SET_TOP_BOX: "set_top_box_ca_id",
  SERVICE: "service_ca_id",
  SUBSCRIPTION_NUMBER: "subscription_number",
};

/** Why a name breaks the limits; that of a card has a section of its own. */
export function declaredNameFault(
  limits: LimitsSection,
  kind: Exclude<CaNameKind, "SMARTCARD">,
  name: string,
): string | undefined {
  return textFault(limits[NAMES[kind]] as TextLimit | undefined, name);
}

/** Everything in a command that breaks the limits. */
export function declaredFaults(
  limits: LimitsSection,
  { command, subscriptionNumber, pinDigits }: CommandDraft,
): CommandFault[] {
  const found: CommandFault[] = [];
  const add = (part: CommandFault["part"], description: string | undefined) => {
    if (description !== undefined) found.push({ part, description });
  };
  add("subscription_number", textFault(limits.subscription_number, subscriptionNumber));
  if (pinDigits !== undefined) add("pin", pinFault(limits.pin, pinDigits));
  if ("text" in command) add("text", textFault(limits.text, command.text));
  if ("durationSeconds" in command) {
    add("duration", numberFault(limits.duration, command.durationSeconds));
  }
  if ("repeatIntervalSeconds" in command && command.repeatIntervalSeconds !== undefined) {
    add("repeat_interval", numberFault(limits.repeat_interval, command.repeatIntervalSeconds));
  }
  if ("setTopBox" in command) {
    add("set_top_box", textFault(limits.set_top_box_ca_id, command.setTopBox.caId));
  }
  if ("services" in command) {
    const { services: most = Number.POSITIVE_INFINITY } = limits;
    const { length } = command.services;
    if (length > most) add("services", `has ${length} values, over ${most}`);
    for (const { code, caId } of command.services) {
      const fault = textFault(limits.service_ca_id, caId);
      if (fault !== undefined) add("services", `the CA id of ${code} ${fault}`);
    }
  }
  return found;
}

function pinFault({ min, max }: LimitsSection["pin"], digits: number): string | undefined {
  if (digits >= min && digits <= max) return undefined;
  return `must be ${min === max ? min : `${min} to ${max}`} digits`;
}
