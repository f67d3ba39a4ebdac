import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { describeCaAdapter } from "../../../conformance/ca-adapter.js";
import { LighthousePeer } from "./lighthouse-peer.js";

const FILE = fileURLToPath(new URL("lighthouse.yaml", import.meta.url));

const { value: protocol, faults } = profileProtocol("lighthouse", FILE, readFileSync(FILE, "utf8"));
if (protocol === undefined) throw new Error(JSON.stringify(faults));

const card = { caId: "000123456789", subscriptionNumber: "S-1" };

describeCaAdapter({
  protocol,
  startPeer: () => LighthousePeer.start(),
  connection: (peer, { window, responseTimeoutMs }) => ({
    host: "127.0.0.1",
    port: (peer as LighthousePeer).port,
    station: "000009",
    keyword: "fog",
    window,
    response_timeout_ms: responseTimeoutMs,
  }),
  unsolicited: true,
  goodCaId: card.caId,
  badCaId: "123",
  commands: [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" } },
    { ...card, command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" }, pin: "1234" },
  ],
});
