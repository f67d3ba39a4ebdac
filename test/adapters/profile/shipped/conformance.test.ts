import { readFileSync } from "node:fs";
import { profileProtocol } from "../../../../src/adapters/profile/profile-protocol.js";
import { shippedFile } from "../../../../src/adapters/profile/shipped-profiles.js";
import { describeCaAdapter } from "../../../conformance/ca-adapter.js";
import type { AdapterSubject, CaPeer, PeerAnswer, Trait } from "../../../conformance/ca-peer.js";
import { CLIENT_TLS } from "./certificate.js";
import { CONNECTIONS, type HttpProtocolName } from "./connections.js";
import { PlainHttpPeer, TRANSACTION_HEADER, type WireAnswer } from "./plain-http-peer.js";

const card = { caId: "000123456789", subscriptionNumber: "S-1" };
const services = [
  { code: "SPORT", caId: "P-12" },
  { code: "NEWS", caId: "P-14" },
];
const setTopBox = { id: "box", serialNumber: "SN", caId: "BOX-1" };

const json = (status: number, value: object): WireAnswer => ({
  status,
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});
const busy = (ms: number): WireAnswer => ({
  status: 429,
  body: "",
  headers: { "retry-after": String(ms / 1_000) },
});

function nagra(answer: PeerAnswer): WireAnswer {
  const result = (responseCode: string, responseText: string, more = {}) =>
    json(200, {
      status: "Success",
      commandCount: 1,
      commandResults: [{ commandName: "add", responseCode, responseText, ...more }],
    });
  switch (answer.kind) {
    case "accepted":
      return result("1028", "OK", { id: answer.reference });
    case "rejected":
      return result("1042", answer.text);
    case "busy":
      return busy(answer.retryAfterMs);
    default:
      return { status: 500, body: answer.text };
  }
}

function conax(answer: PeerAnswer): WireAnswer {
  const code = { accepted: "OK", rejected: "CLIENT_NOT_FOUND", failed: "SYSTEM_ERROR" };
  if (answer.kind === "busy") return busy(answer.retryAfterMs);
  if (answer.kind === "transaction_used") throw new Error("there are no transactions");
  const body = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r><StatusCode>${code[answer.kind]}</StatusCode></r></s:Body></s:Envelope>`;
  return { status: 200, body, headers: { "content-type": "text/xml" } };
}

function motv(answer: PeerAnswer): WireAnswer {
  switch (answer.kind) {
    case "accepted":
      return json(200, { status: 1, response: answer.reference });
    case "rejected":
      return { status: 400, body: answer.text };
    case "busy":
      return busy(answer.retryAfterMs);
    default:
      return { status: 500, body: answer.text };
  }
}

/** The profile as it ships, with one header by which the peer knows a command. */
function marked(name: HttpProtocolName) {
  const text = readFileSync(shippedFile(name), "utf8").replace(
    /^headers:\n/m,
    `headers:\n  ${TRANSACTION_HEADER}: "{transaction}"\n`,
  );
  const { value, faults } = profileProtocol(name, shippedFile(name), text);
  if (value === undefined) throw new Error(JSON.stringify(faults));
  return value;
}

function subject(
  name: HttpProtocolName,
  answerOf: (answer: PeerAnswer) => WireAnswer,
  commands: AdapterSubject["commands"],
  lacks: readonly Trait[] = [],
): AdapterSubject {
  return {
    protocol: marked(name),
    startPeer: () => PlainHttpPeer.start(answerOf),
    connection: (peer, { window, responseTimeoutMs }) => ({
      host: "127.0.0.1",
      port: portOf(peer),
      ...CLIENT_TLS,
      ...CONNECTIONS[name],
      window,
      response_timeout_ms: responseTimeoutMs,
    }),
    unsolicited: false,
    lacks: ["login", "transactions", ...lacks],
    goodCaId: card.caId,
    badCaId: "0001 234",
    commands,
  };
}

function portOf(peer: CaPeer): number {
  if (!(peer instanceof PlainHttpPeer)) throw new Error("a peer of another protocol");
  return peer.port;
}

describeCaAdapter(
  subject("nagra-cas-gateway", nagra, [
    { ...card, command: { type: "AUTHORISE_SERVICES", services } },
  ]),
);
describeCaAdapter(
  subject(
    "conax-contego-messaging",
    conax,
    [{ ...card, command: { type: "SEND_ON_SCREEN_MESSAGE", text: "Hi", durationSeconds: 20 } }],
    ["reference", "text"],
  ),
);
describeCaAdapter(
  subject("motv-csms", motv, [
    { ...card, command: { type: "REAUTHORISE_ALL_SERVICES" } },
    { ...card, command: { type: "AUTHORISE_SERVICES", services } },
    { ...card, command: { type: "CANCEL_SERVICES", services } },
    { ...card, command: { type: "PAIR", setTopBox } },
    { ...card, command: { type: "UNPAIR" } },
  ]),
);
