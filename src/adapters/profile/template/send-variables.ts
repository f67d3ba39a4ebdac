import type { SettingSection } from "../format/settings-section.js";
import { commandVariable } from "./command-variables.js";
import type { SendScope } from "./send-scope.js";
import type { Variable } from "./template.js";

type Sent = Variable<SendScope>;

const plain = { secret: false, list: false };

const SESSION_VARIABLES: Readonly<Record<string, Sent>> = {
  slot: { ...plain, kind: "number", get: (scope) => scope.slot },
  epoch: { ...plain, kind: "number", get: (scope) => scope.epoch },
  now: { ...plain, kind: "date", get: (scope) => scope.now },
};

const CORRELATION: Sent = { ...plain, kind: "text", get: (scope) => scope.correlation };

/** What the names of variables begin with that are settings. */
export const SETTING = "settings.";
const KEPT = "session.";

export interface SendVariables {
  readonly settings: Readonly<Record<string, SettingSection>>;
  /** Names of the fields of the login's answer that are remembered, with whether each is secret. */
  readonly remembered: ReadonlyMap<string, boolean>;
  /** Answers are known by a field. */
  readonly correlated: boolean;
}

/** Finds what a placeholder in a message of ours stands for. */
export function sendVariables({
  settings,
  remembered,
  correlated,
}: SendVariables): (name: string) => Sent | undefined {
  return (name) => {
    if (Object.hasOwn(SESSION_VARIABLES, name)) return SESSION_VARIABLES[name];
    if (name === "correlation") return correlated ? CORRELATION : undefined;
    if (name.startsWith(SETTING)) return settingVariable(name.slice(SETTING.length), settings);
    if (name.startsWith(KEPT)) {
      const key = name.slice(KEPT.length);
      const secret = remembered.get(key);
      if (secret === undefined) return undefined;
      return { ...plain, kind: "text", secret, get: (scope) => scope.kept[key] };
    }
    const variable = commandVariable(name);
    if (variable === undefined) return undefined;
    const { get } = variable;
    return {
      kind: variable.kind,
      secret: variable.secret === true,
      list: variable.list === true,
      get: ({ command }) => (command === undefined ? undefined : get(command)),
    };
  };
}

function settingVariable(key: string, settings: SendVariables["settings"]): Sent | undefined {
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
  if (setting === undefined) return undefined;
  return {
    kind: setting.kind,
    secret: setting.kind === "text" && setting.secret,
    list: false,
    get: (scope) => scope.settings[key],
  };
}

/** True for a variable that the login's answer gives. */
export function isKeptVariable(name: string): boolean {
  return name.startsWith(KEPT);
}

/** True for a variable that is there whatever is sent. */
export function isSessionVariable(name: string): boolean {
  return (
    Object.hasOwn(SESSION_VARIABLES, name) ||
    name === "correlation" ||
    name.startsWith(SETTING) ||
    name.startsWith(KEPT)
  );
}
