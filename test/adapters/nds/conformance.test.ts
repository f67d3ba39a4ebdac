import { describeCaAdapter } from "../../conformance/ca-adapter.js";
import type { CaPeer } from "../../conformance/ca-peer.js";
import { NdsCaPeer } from "./nds-ca-peer.js";
import { ndsProtocol } from "./nds-protocol.js";

const card = { caId: "000123456789", subscriptionNumber: "S-1" };

describeCaAdapter({
  protocol: ndsProtocol,
  startPeer: () => NdsCaPeer.start(),
  connection: (peer, { window, responseTimeoutMs }) => ({
    host: "127.0.0.1",
    port: portOf(peer),
    source_id: 7,
    password: "secret",
    window,
    response_timeout_ms: responseTimeoutMs,
  }),
  goodCaId: "000123456789",
  badCaId: "1234567",
  commands: [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" }, pin: "1234" },
  ],
});

function portOf(peer: CaPeer): number {
  if (!(peer instanceof NdsCaPeer)) throw new Error("a peer of another protocol");
  return peer.port;
}
