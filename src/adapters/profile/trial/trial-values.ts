import type { CommandType, MappedService } from "../../../requests/command.js";
import type { CaCommand } from "../../ca-adapter.js";
import type { AnyProfile } from "../format/profile-section.js";
import type { SettingSection } from "../format/settings-section.js";
import { COMMAND_VARIABLES } from "../template/command-variables.js";
import { rememberedFields } from "../template/remembered-fields.js";
import type { ProfileSettings } from "../template/send-scope.js";

/** What a trial is made with, by the names that templates use; what is not given is made up. */
export type TrialValues = ReadonlyMap<string, string>;

/** Something about the values cannot be; the text says what. */
export class TrialFault extends Error {
  override readonly name = "TrialFault";
}

const SETTING = "settings.";
const KEPT = "session.";
const NAMES = [...Object.keys(COMMAND_VARIABLES), "slot", "epoch", "correlation"];

type Profile = Pick<AnyProfile, "settings" | "ca_id">;

/** Throws a `TrialFault` for a name that nothing has. */
export function checkNames(
  values: TrialValues,
  { settings, session }: Pick<AnyProfile, "settings" | "session">,
): void {
  const known = [
    ...NAMES,
    ...Object.keys(settings).map((name) => SETTING + name),
    ...[...rememberedFields(session.login, () => false).keys()].map((name) => KEPT + name),
  ];
  for (const name of values.keys()) {
    if (!known.includes(name)) throw new TrialFault(`${name} is none of ${known.join(", ")}`);
  }
}

/** Settings as given, and samples of the others. */
export function trialSettings(values: TrialValues, { settings }: Profile): ProfileSettings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const given = values.get(SETTING + name);
      if (given === undefined) return [name, setting.default ?? sample(name, setting)];
      return [name, setting.kind === "number" ? whole(SETTING + name, given) : given];
    }),
  );
}

/** A text is the setting's own name where that may be one, so that it shows where it goes. */
function sample(name: string, setting: SettingSection): string | number {
  if (setting.kind === "number") return setting.min;
  if (setting.one_of !== undefined) return setting.one_of[0] ?? "";
  if (setting.chars !== "digits") return name.slice(0, setting.max).padEnd(setting.min, "x");
  return "1".repeat(Math.min(Math.max(setting.min, 3), setting.max));
}

/** A command of the type, with the values. */
export function trialCommand(
  type: CommandType,
  values: TrialValues,
  { ca_id: caId }: Profile,
): CaCommand {
  const base = {
    transaction: trialNumber(values, "transaction", 1),
    caId:
      values.get("ca_id") ??
      "0123456789".repeat(7).slice(0, Math.max(caId.min, Math.min(caId.max, 10))),
    subscriptionNumber: values.get("subscription_number") ?? "S-1",
  };
  switch (type) {
    case "REAUTHORISE_ALL_SERVICES":
    case "UNPAIR":
    case "GET_ACTIVE_SERVICES":
    case "GET_PAIRING_STATUS":
      return { ...base, command: { type } };
    case "SET_USER_PARAMETERS": {
      const pinOperation = values.get("pin_operation") ?? "SET";
      if (pinOperation === "RESET") return { ...base, command: { type, pinOperation } };
      if (pinOperation !== "SET") throw new TrialFault("pin_operation must be SET or RESET");
      return { ...base, command: { type, pinOperation }, pin: values.get("pin") ?? "1234" };
    }
    case "AUTHORISE_SERVICES": {
      const start = trialDate(values, "start");
      const end = trialDate(values, "end");
      const period = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
      return { ...base, command: { type, services: trialServices(values), ...period } };
    }
    case "CANCEL_SERVICES":
      return { ...base, command: { type, services: trialServices(values) } };
    case "PAIR": {
      const boxId = values.get("set_top_box_ca_id") ?? base.caId.split("").reverse().join("");
      const setTopBox = { id: "box", serialNumber: "box", caId: boxId };
      return { ...base, command: { type, setTopBox } };
    }
    case "SEND_MAIL":
      return { ...base, command: { type, text: trialText(values) } };
    case "SEND_ON_SCREEN_MESSAGE": {
      const durationSeconds = trialNumber(values, "duration", 20);
      const text = trialText(values);
      if (!values.has("repeat_interval")) {
        return { ...base, command: { type, text, durationSeconds } };
      }
      const repeatIntervalSeconds = trialNumber(values, "repeat_interval", 0);
      return { ...base, command: { type, text, durationSeconds, repeatIntervalSeconds } };
    }
    case "DISPLAY_FINGERPRINT": {
      const durationSeconds = trialNumber(values, "duration", 20);
      return { ...base, command: { type, durationSeconds } };
    }
  }
}

/** Services by their CA ids, separated by commas; a trial has no other names for them. */
function trialServices(values: TrialValues): readonly MappedService[] {
  const list = (values.get("services") ?? "1").split(",");
  return list.map((caId) => ({ code: caId, caId }));
}

function trialText(values: TrialValues): string {
  return values.get("text") ?? "A message";
}

/** A date as people write it; undefined when none is given, as in most commands. */
function trialDate(values: TrialValues, name: string): number | undefined {
  const given = values.get(name);
  if (given === undefined) return undefined;
  const date = Date.parse(given);
  if (Number.isNaN(date)) throw new TrialFault(`${name} must be a date like 2026-03-01T12:00:00Z`);
  return date;
}

/** What the CA system might have given at the login. */
export function trialKept(
  values: TrialValues,
  { session }: { readonly session: AnyProfile["session"] },
): Readonly<Record<string, string>> {
  const names = [...rememberedFields(session.login, () => false).keys()];
  return Object.fromEntries(names.map((name) => [name, values.get(KEPT + name) ?? name]));
}

/** A number of the trial. */
export function trialNumber(values: TrialValues, name: string, otherwise: number): number {
  const given = values.get(name);
  return given === undefined ? otherwise : whole(name, given);
}

function whole(name: string, text: string): number {
  if (!/^[0-9]{1,10}$/.test(text)) throw new TrialFault(`${name} must be a whole number`);
  return Number(text);
}
