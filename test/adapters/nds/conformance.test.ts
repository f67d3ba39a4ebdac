import { describeCaAdapter } from "../../conformance/ca-adapter.js";
import type { CaPeer } from "../../conformance/ca-peer.js";
import { NdsCaPeer } from "./nds-ca-peer.js";
import { ndsProtocol } from "./nds-protocol.js";

const card = { caId: "000123456789", subscriptionNumber: "S-1" };
const services = [{ code: "SPORT", caId: "0012" }];

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
  unsolicited: true,
  goodCaId: "000123456789",
  badCaId: "1234567",
  commands: [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" }, pin: "1234" },
    { ...card, command: { type: "AUTHORISE_SERVICES", services, start: 0, end: 1_000 } },
    { ...card, command: { type: "CANCEL_SERVICES", services } },
    {
      ...card,
      command: { type: "PAIR", setTopBox: { id: "i", serialNumber: "s", caId: "00000042" } },
    },
    { ...card, command: { type: "UNPAIR" } },
    { ...card, command: { type: "SEND_MAIL", text: "Good evening" } },
    { ...card, command: { type: "SEND_ON_SCREEN_MESSAGE", text: "Hi", durationSeconds: 20 } },
    { ...card, command: { type: "DISPLAY_FINGERPRINT", durationSeconds: 5 } },
    { ...card, command: { type: "GET_ACTIVE_SERVICES" } },
  ],
});

function portOf(peer: CaPeer): number {
  if (!(peer instanceof NdsCaPeer)) throw new Error("a peer of another protocol");
  return peer.port;
}
