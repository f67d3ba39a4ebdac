import type { Checked } from "../../config/config-fault.js";
import type { CaAdapter, CaProtocol } from "../ca-adapter.js";
import { caIdCheck } from "./ca-id-check.js";
import { setUpHttpSession } from "./http/set-up-http-session.js";
import { type LoadedProfile, loadProfile } from "./load-profile.js";
import { setUpSession } from "./session/set-up-session.js";
import type { ConnectionSettings } from "./settings/connection-settings.js";
import { settingsReader } from "./settings/read-settings.js";

/** Makes a protocol, under a name for providers, of a profile's text; or tells all that is wrong with it. */
export function profileProtocol(name: string, file: string, text: string): Checked<CaProtocol> {
  const { value, faults } = loadProfile(file, text);
  return value === undefined ? { faults } : { value: protocolOf(name, value) };
}

function protocolOf(name: string, profile: LoadedProfile): CaProtocol {
  const readSettings = settingsReader(profile.source);
  const commands = new Set(profile.protocol.commands.keys());
  const checkCaId = caIdCheck(profile.source.ca_id);

  function adapter(settings: ConnectionSettings): CaAdapter {
    return {
      connections: settings.connections,
      window: settings.window,
      commands,
      checkCaId,
      connect: (options) =>
        profile.carrier === "stream"
          ? setUpSession(profile.protocol, settings, options)
          : setUpHttpSession(profile.protocol, settings, options),
    };
  }
  return {
    name,
    configure(connection) {
      const read = readSettings(connection);
      return "faults" in read ? read : { adapter: adapter(read.settings) };
    },
  };
}
