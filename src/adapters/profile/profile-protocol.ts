import type { Checked } from "../../config/config-fault.js";
import type { CommandType } from "../../requests/command.js";
import type { CaAdapter, CaProtocol, ConnectOptions } from "../ca-adapter.js";
import { setUpHttpSession } from "./http/set-up-http-session.js";
import { commandCheck } from "./limits/command-check.js";
import { type LoadedProfile, loadProfile } from "./load-profile.js";
import { setUpSession } from "./session/set-up-session.js";
import type { ConnectionSettings } from "./settings/connection-settings.js";
import { settingsReader } from "./settings/read-settings.js";
import { SETTING } from "./template/send-variables.js";
import { testConnection } from "./test-connection.js";

/** Makes a protocol, under a name for providers, of a profile's text; or tells all that is wrong with it. */
export function profileProtocol(name: string, file: string, text: string): Checked<CaProtocol> {
  const { value, faults } = loadProfile(file, text);
  return value === undefined ? { faults } : { value: protocolOf(name, value) };
}

function protocolOf(name: string, profile: LoadedProfile): CaProtocol {
  const readSettings = settingsReader(profile.source);
  const tellsEpoch = loginVariables(profile).has("epoch");
  const secretSettings = new Set(
    Object.entries(profile.source.settings).flatMap(([setting, section]) =>
      section.kind === "text" && section.secret ? [setting] : [],
    ),
  );

  function adapter(settings: ConnectionSettings): CaAdapter {
    const commands = sayable(profile, settings);
    const check = commandCheck(profile, settings.own);
    const connect = (options: ConnectOptions) =>
      profile.carrier === "stream"
        ? setUpSession(profile.protocol, settings, options)
        : setUpHttpSession(profile.protocol, settings, options);
    return {
      connections: settings.connections,
      window: settings.window,
      tellsEpoch,
      commands,
      checkName: check.name,
      checkCommand: check.command,
      connect,
      test: (options) => testConnection(connect, options),
    };
  }
  return {
    name,
    secretSettings,
    configure(connection) {
      const read = readSettings(connection);
      return "faults" in read ? read : { adapter: adapter(read.settings) };
    },
  };
}

/** What the first message of a session is made of; nothing where there is none. */
function loginVariables(profile: LoadedProfile): ReadonlySet<string> {
  switch (profile.carrier) {
    case "stream":
      return profile.protocol.login?.layout.variables ?? new Set();
    case "http":
      return profile.protocol.login?.request.variables ?? new Set();
  }
}

/** The commands whose messages lack no setting that was left out. */
function sayable(
  { protocol }: LoadedProfile,
  { own }: ConnectionSettings,
): ReadonlySet<CommandType> {
  const lacks = (name: string) =>
    name.startsWith(SETTING) && own[name.slice(SETTING.length)] === undefined;
  const all: Iterable<[CommandType, { readonly variables: ReadonlySet<string> }]> =
    protocol.commands;
  return new Set(
    [...all].flatMap(([type, { variables }]) => ([...variables].some(lacks) ? [] : [type])),
  );
}
