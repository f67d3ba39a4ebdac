import { describeCaAdapter } from "../../../conformance/ca-adapter.js";
import type { CaPeer } from "../../../conformance/ca-peer.js";
import { counterDesk } from "./counter-desk.js";
import { CounterDeskPeer } from "./counter-desk-peer.js";

const card = { caId: "AB-1234", subscriptionNumber: 'Ä "1"' };

describeCaAdapter({
  protocol: counterDesk(),
  startPeer: () => CounterDeskPeer.start(),
  connection: (peer, { window, responseTimeoutMs }) => ({
    host: "127.0.0.1",
    port: portOf(peer),
    user: "desk",
    password: "pst",
    window,
    response_timeout_ms: responseTimeoutMs,
  }),
  unsolicited: false,
  goodCaId: "AB-1234",
  badCaId: "AB 1234",
  commands: [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" }, pin: "1234" },
    {
      ...card,
      command: { type: "AUTHORISE_SERVICES", services: [{ code: "SPORT", caId: "S-1" }], end: 1 },
    },
    {
      ...card,
      command: {
        type: "SEND_ON_SCREEN_MESSAGE",
        text: "Hi",
        durationSeconds: 5,
        repeatIntervalSeconds: 10,
      },
    },
    {
      ...card,
      command: { type: "PAIR", setTopBox: { id: "i", serialNumber: "s", caId: "4711" } },
    },
    { ...card, command: { type: "GET_ACTIVE_SERVICES" } },
    { ...card, command: { type: "GET_PAIRING_STATUS" } },
  ],
});

function portOf(peer: CaPeer): number {
  if (!(peer instanceof CounterDeskPeer)) throw new Error("a peer of another protocol");
  return peer.port;
}
