import type { CaAdapter, CaProtocol } from "../ca-adapter.js";
import { SUPPORTED_COMMANDS } from "./command-messages.js";
import { type ConnectionSettings, readConnectionSettings } from "./connection-settings.js";
import { setUpSession } from "./session-setup.js";

const CA_ID = /^[0-9]{8,16}$/;

/**
 * The NDS reference profile. NDS's own subscriber management protocol is not public and this is not
 * it: the messages and parameters here are this project's own, in the generic message layout of DVB
 * SimulCrypt (ETSI TS 103 197), a 5-byte header followed by type-length-value parameters.
 */
export const ndsProtocol: CaProtocol = {
  name: "nds",
  configure(connection) {
    const read = readConnectionSettings(connection);
    return "faults" in read ? read : { adapter: ndsAdapter(read.settings) };
  },
};

function ndsAdapter(settings: ConnectionSettings): CaAdapter {
  return {
    connections: settings.connections,
    window: settings.window,
    commands: SUPPORTED_COMMANDS,
    checkCaId: (caId) => (CA_ID.test(caId) ? undefined : "must be 8 to 16 digits"),
    connect: (options) => setUpSession(settings, options),
  };
}
