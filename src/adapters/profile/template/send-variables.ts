import type { SettingSection } from "../format/settings-section.js";
import { commandVariable } from "./command-variables.js";
import type { SendScope } from "./send-scope.js";
import type { Variable } from "./template.js";

const SESSION_VARIABLES: Readonly<Record<string, Variable<SendScope>>> = {
  correlation: { kind: "text", secret: false, list: false, get: (scope) => scope.correlation },
  slot: { kind: "number", secret: false, list: false, get: (scope) => scope.slot },
  epoch: { kind: "number", secret: false, list: false, get: (scope) => scope.epoch },
};

const SETTING = "settings.";

/** Finds what a placeholder in a message of ours stands for. */
export function sendVariables(
  settings: Readonly<Record<string, SettingSection>>,
): (name: string) => Variable<SendScope> | undefined {
  return (name) => {
    if (Object.hasOwn(SESSION_VARIABLES, name)) return SESSION_VARIABLES[name];
    if (name.startsWith(SETTING)) {
      const key = name.slice(SETTING.length);
      const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
      if (setting === undefined) return undefined;
      return {
        kind: setting.kind,
        secret: setting.kind === "text" && setting.secret,
        list: false,
        get: (scope) => scope.settings[key],
      };
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

/** True for a variable that is there whatever is sent. */
export function isSessionVariable(name: string): boolean {
  return Object.hasOwn(SESSION_VARIABLES, name) || name.startsWith(SETTING);
}
