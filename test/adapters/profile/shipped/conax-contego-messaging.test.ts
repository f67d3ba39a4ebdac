import { expect } from "chai";
import type { Response } from "express";
import type { Command } from "../../../../src/requests/command.js";
import { ManualClock } from "../../../support/manual-clock.js";
import { ConaxServer, qualifiedNames } from "./conax-server.js";
import { CONNECTIONS } from "./connections.js";
import { adapterOf, CARD, sendOne } from "./opened.js";

const NAME = "conax-contego-messaging";
const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

const bark = (text: string, more: object = {}): Command => ({
  type: "SEND_ON_SCREEN_MESSAGE",
  text,
  durationSeconds: 20,
  ...more,
});

const envelope = (inside: string) =>
  `<?xml version="1.0"?><e:Envelope xmlns:e="${SOAP}"><e:Body>${inside}</e:Body></e:Envelope>`;
const fault = (code: string, text: string) =>
  envelope(`<e:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></e:Fault>`);

describe("Conax Contego user text messaging, against a SOAP server", () => {
  let conax: ConaxServer;
  beforeEach(async () => {
    conax = await ConaxServer.start(CONNECTIONS[NAME]);
  });
  afterEach(() => conax.stop());

  const send = (command = bark("Hello"), more = {}) => sendOne(NAME, conax.port, command, more);

  it("shows a message, whatever stands in it", async () => {
    const text = `Bonne soirée <b>&amp; "you" ]]> 'them' \u{1F4FA}`;
    expect((await send(bark(text))).outcome).to.deep.equal({ kind: "accepted", reference: "" });
    expect(conax.barks).to.deep.equal([
      { CaClientIds: { CaClientId: [CARD] }, Message: text, DisplayDurationInSeconds: 20 },
    ]);
  });

  it("has its wrapper in the namespace, and nothing that stands in it", async () => {
    await send();
    expect(conax.bodies.map(qualifiedNames)).to.deep.equal([
      [
        `Envelope in ${SOAP}`,
        `Body in ${SOAP}`,
        "SendBarkMessageToClients in text-messaging",
        "SendBarkMessageToClientsRequest in none",
        "CaClientIds in none",
        "CaClientId in none",
        "Message in none",
        "DisplayDurationInSeconds in none",
      ],
    ]);
  });

  const codes: readonly (readonly [string, object])[] = [
    ...[
      "INPUT_VALIDATION_ERROR",
      "FEATURE_NOT_AVAILABLE",
      "CLIENT_NOT_FOUND",
      "CLIENT_NOT_MANAGED_BY_SMS",
    ].map(
      (code) => [code, { kind: "rejected", code, text: "the CA system does not show it" }] as const,
    ),
    ["SYSTEM_ERROR", { kind: "failed", code: "SYSTEM_ERROR", text: "it failed in the CA system" }],
    [
      "SOMETHING_NEW",
      { kind: "unknown", text: "an answer that says nothing of it: 200 text/xml; charset=utf-8" },
    ],
  ];
  for (const [code, outcome] of codes) {
    it(`knows what ${code} means`, async () => {
      conax.code = code;
      expect((await send()).outcome).to.deep.equal(outcome);
      expect(conax.barks).to.have.length(1);
    });
  }

  it("is not let in with a wrong password, and nothing is shown", async () => {
    const { outcome } = await send(bark("Hello"), { password: "wrong" });
    expect(outcome).to.deep.equal({ kind: "unavailable", text: "user or password is wrong: 401" });
    expect(conax.barks).to.deep.equal([]);
  });

  type Say = (response: Response) => unknown;
  const nothing = (what: string) => ({
    kind: "unknown",
    text: `an answer that says nothing of it: ${what}`.trimEnd(),
  });
  const cases: readonly (readonly [string, Say, object])[] = [
    [
      "a fault of the request",
      (r) => r.status(500).type("xml").send(fault("e:Client", "unexpected element")),
      { kind: "rejected", code: "e:Client", text: "unexpected element" },
    ],
    [
      "a fault of its own",
      (r) => r.status(500).type("xml").send(fault("e:Server", "database")),
      { kind: "unknown", text: "SOAP fault e:Server: database" },
    ],
    [
      "a fault with success",
      (r) => r.type("xml").send(fault("e:Client", "x")),
      { kind: "unknown", text: "SOAP fault e:Client: x" },
    ],
    [
      "500 without a fault",
      (r) => r.status(500).type("html").send("oops"),
      nothing("500 text/html; charset=utf-8"),
    ],
    [
      "a code deeper inside",
      (r) => r.type("xml").send(envelope("<a><b><StatusCode>OK</StatusCode></b></a>")),
      { kind: "accepted", reference: "" },
    ],
    [
      "two codes",
      (r) =>
        r
          .type("xml")
          .send(envelope("<a><StatusCode>OK</StatusCode><StatusCode>OK</StatusCode></a>")),
      nothing("200 application/xml; charset=utf-8"),
    ],
    [
      "XML that is broken",
      (r) => r.type("xml").send("<e:Envelope><StatusCode>OK"),
      nothing("200 application/xml; charset=utf-8"),
    ],
    [
      "XML with a document type",
      (r) => r.type("xml").send('<!DOCTYPE a [<!ENTITY x "OK">]><a>&x;</a>'),
      nothing("200 application/xml; charset=utf-8"),
    ],
    [
      "a page",
      (r) => r.type("html").send("<html><body>OK</body></html>"),
      nothing("200 text/html; charset=utf-8"),
    ],
    [
      "403",
      (r) => r.status(403).end(),
      { kind: "unavailable", text: "the user may not send messages: 403" },
    ],
    [
      "404",
      (r) => r.status(404).end(),
      { kind: "unavailable", text: "the service is not at this address: 404" },
    ],
    [
      "another address",
      (r) => r.redirect(308, "https://b.example/"),
      {
        kind: "unavailable",
        text: "redirected (308) to https://b.example/; redirects are not followed",
      },
    ],
    [
      "what may be done already, elsewhere",
      (r) => r.redirect(303, "https://b.example/"),
      nothing("303 text/plain; charset=utf-8"),
    ],
    ["415", (r) => r.status(415).end(), { kind: "rejected", code: "415", text: "" }],
    ["408", (r) => r.status(408).end(), nothing("408")],
    [
      "429",
      (r) => r.status(429).set("Retry-After", "3").end(),
      { kind: "busy", retryAfterMs: 3_000 },
    ],
    [
      "503 with a time",
      (r) => r.status(503).set("Retry-After", "3").end(),
      { kind: "busy", retryAfterMs: 3_000 },
    ],
    ["503 without", (r) => r.status(503).end(), nothing("503")],
    ["504", (r) => r.status(504).end(), nothing("504")],
    [
      "nothing",
      (r) => r.socket?.destroy(),
      { kind: "unknown", text: "no answer: the connection failed: ECONNRESET" },
    ],
  ];
  for (const [title, say, outcome] of cases) {
    it(`knows what it means to be answered ${title}`, async () => {
      conax.instead = (response) => {
        say(response);
      };
      expect((await send()).outcome).to.deep.equal(outcome);
    });
  }

  it("does not know what became of a message when no answer comes", async () => {
    let asked = () => undefined as unknown;
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    conax.instead = () => asked();
    const clock = new ManualClock();
    const result = await adapterOf(NAME, conax.port).connect({
      slot: 0,
      epoch: 1,
      clock,
      signal: new AbortController().signal,
      maySend: () => true,
      onLateAnswer: () => undefined,
    });
    if (result.kind !== "connected") throw new Error(result.text);
    const command = { transaction: 1, caId: CARD, subscriptionNumber: "S", command: bark("Hello") };
    const sending = result.session.send(command);
    await arrived;
    clock.advance(10_000);
    expect((await sending).outcome).to.deep.equal({
      kind: "unknown",
      text: "no answer within 10000 ms",
    });
    await result.session.close(AbortSignal.abort());
  });

  it("takes 129 characters, whatever they are, a duration, and nothing that repeats", () => {
    const adapter = adapterOf(NAME, conax.port);
    const faults = (command: Command) =>
      adapter
        .checkCommand({ caId: CARD, subscriptionNumber: "S-1", pinDigits: undefined, command })
        .map(({ part, description }) => `${part} ${description}`);
    expect(faults(bark("\u{1F4FA}".repeat(129)))).to.deep.equal([]);
    expect(
      faults(bark("x".repeat(130), { durationSeconds: 0, repeatIntervalSeconds: 60 })),
    ).to.deep.equal([
      "text has 130 characters, over 129",
      "duration is 0, under 1",
      "repeat_interval is nothing that its protocol can say",
    ]);
    expect([...adapter.commands]).to.deep.equal(["SEND_ON_SCREEN_MESSAGE"]);
  });
});
