import type { Checked } from "../../config/config-fault.js";
import type { CaAdapter, CaProtocol } from "../ca-adapter.js";
import { caIdCheck } from "./ca-id-check.js";
import { type LoadedProfile, loadProfile } from "./load-profile.js";
import { setUpSession } from "./session/set-up-session.js";
import type { ConnectionSettings } from "./settings/connection-settings.js";
import { settingsReader } from "./settings/read-settings.js";

/** Makes a protocol, under a name for providers, of a profile's text; or tells all that is wrong with it. */
export function profileProtocol(name: string, file: string, text: string): Checked<CaProtocol> {
  const { value, faults } = loadProfile(file, text);
  return value === undefined ? { faults } : { value: protocolOf(name, value) };
}

function protocolOf(name: string, { source, protocol }: LoadedProfile): CaProtocol {
  const readSettings = settingsReader(source);
  const commands = new Set(protocol.commands.keys());
  const checkCaId = caIdCheck(source.ca_id);

  function adapter(settings: ConnectionSettings): CaAdapter {
    return {
      connections: settings.connections,
      window: settings.window,
      commands,
      checkCaId,
      connect: (options) => setUpSession(protocol, settings, options),
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
