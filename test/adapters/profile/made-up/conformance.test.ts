import { describeCaAdapter } from "../../../conformance/ca-adapter.js";
import type { CaPeer } from "../../../conformance/ca-peer.js";
import { semaphoreProtocol } from "./semaphore.js";
import { SemaphorePeer } from "./semaphore-peer.js";

const card = { caId: "AB-123456", subscriptionNumber: "Ä-1" };

describeCaAdapter({
  protocol: semaphoreProtocol(),
  startPeer: () => SemaphorePeer.start(),
  connection: (peer, { window, responseTimeoutMs }) => ({
    host: "127.0.0.1",
    port: portOf(peer),
    station: "north",
    code_word: "pst",
    window,
    response_timeout_ms: responseTimeoutMs,
  }),
  unsolicited: true,
  goodCaId: "AB-123456",
  badCaId: "AB 123456",
  commands: [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" }, pin: "1234" },
  ],
});

function portOf(peer: CaPeer): number {
  if (!(peer instanceof SemaphorePeer)) throw new Error("a peer of another protocol");
  return peer.port;
}
