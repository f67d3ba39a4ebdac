import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Response } from "express";
import type { Command } from "../../../../src/requests/command.js";
import { NagraGateway } from "./nagra-gateway.js";
import { adapterOf, CARD, openSession, sendOne } from "./opened.js";

const NAME = "nagra-cas-gateway";
const add = (...products: string[]): Command => ({
  type: "AUTHORISE_SERVICES",
  services: products.map((caId) => ({ code: caId, caId })),
});
const answer = (...results: object[]) => ({
  status: "Success",
  commandCount: results.length,
  commandResults: results.map((result) => ({ commandName: "ADD", ...result })),
});
const OK = { id: "7", responseCode: "1028", responseText: "OK" };
const NO = { id: "8", responseCode: "2001", responseText: "no such product" };

describe("Nagra CAS Gateway, against an OpenAPI document", () => {
  let gateway: NagraGateway;
  beforeEach(async () => {
    gateway = await NagraGateway.start();
  });
  afterEach(() => gateway.stop());

  const send = (command = add("P1", "P2"), more = {}) => sendOne(NAME, gateway.port, command, more);

  it("adds services to a card, and has the ids of what was done", async () => {
    expect((await send()).outcome).to.deep.equal({ kind: "accepted", reference: "1.0, 1.1" });
    expect([...(gateway.rights.get(CARD) ?? [])]).to.deep.equal(["P1", "P2"]);
    expect(gateway.requests).to.deep.equal([
      {
        path: `/cag/v1/cas-1/devices/${CARD}/entitlements`,
        body: {
          deviceSpecification: { deviceId: CARD, deviceType: "CardBased" },
          smartCardSpecification: { smartCardId: CARD },
          entitlements: [{ productId: "P1" }, { productId: "P2" }],
        },
      },
    ]);
  });

  it("knows a card in a device by both ids, and what has no card by its own", async () => {
    gateway.idName = "_id";
    await send(add("P1"), { caId: "BOX 1/CARD-9".replace(" ", "-") });
    const cardless = await send(add("P1"), { caId: "00:1a?:2b", device_type: "CardLess" });
    expect(cardless.outcome).to.deep.equal({ kind: "accepted", reference: "2.0" });
    expect(gateway.requests.map(({ body }) => body)).to.deep.equal([
      {
        deviceSpecification: { deviceId: "BOX-1", deviceType: "CardBased" },
        smartCardSpecification: { smartCardId: "CARD-9" },
        entitlements: [{ productId: "P1" }],
      },
      {
        deviceSpecification: { deviceId: "00:1a?:2b", deviceType: "CardLess" },
        entitlements: [{ productId: "P1" }],
      },
    ]);
    expect([...gateway.rights.keys()]).to.deep.equal(["BOX-1", "00:1a?:2b"]);
  });

  it("tries again what was done in part, and can: adding twice changes nothing", async () => {
    const partly = {
      kind: "failed",
      code: "2001",
      text: "only some of the services were added: no product GHOST",
    };
    for (const _ of [1, 2]) {
      expect((await send(add("P1", "GHOST", "P2"))).outcome).to.deep.equal(partly);
    }
    expect([...(gateway.rights.get(CARD) ?? [])]).to.deep.equal(["P1", "P2"]);
  });

  it("is refused when nothing was done", async () => {
    expect((await send(add("GHOST-1", "GHOST-2"))).outcome).to.deep.equal({
      kind: "rejected",
      code: "2001, 2001",
      text: "no product GHOST-1, no product GHOST-2",
    });
  });

  it("is refused with the gateway's words when the request is bad", async () => {
    const { outcome } = await send(add(""));
    expect(outcome).to.include({ kind: "rejected", code: "400" });
    expect("text" in outcome && outcome.text).to.contain("productId");
  });

  it("goes below a path of the gateway's own", async () => {
    gateway.instead = (request, response) => {
      response.status(422).send(request.originalUrl);
    };
    const { outcome } = await send(add("P"), { base_path: "/edge/cas" });
    expect(outcome).to.deep.include({
      text: `/edge/cas/cag/v1/cas-1/devices/${CARD}/entitlements`,
    });
  });

  type Say = (response: Response) => unknown;
  const unknown = "the CA system answered add_entitlements, which no rule knows";
  const cases: readonly (readonly [string, Say, object])[] = [
    [
      "all that was done, packed",
      (r) => r.set("Content-Encoding", "gzip").end(gzipSync(JSON.stringify(answer(OK)))),
      { kind: "accepted", reference: "7" },
    ],
    [
      "fewer results than commands",
      (r) => r.json({ ...answer(OK), commandCount: 2 }),
      { kind: "unknown", text: unknown },
    ],
    [
      "a result without a code",
      (r) => r.json(answer(OK, { id: "9" })),
      { kind: "unknown", text: unknown },
    ],
    ["no results", (r) => r.json(answer()), { kind: "unknown", text: unknown }],
    [
      "results without success",
      (r) => r.json({ ...answer(OK), status: "Failure" }),
      { kind: "unknown", text: unknown },
    ],
    [
      "a refusal",
      (r) => r.json(answer(NO)),
      { kind: "rejected", code: "2001", text: "no such product" },
    ],
    [
      "a refusal that lacks another result",
      (r) => r.json({ ...answer(NO), commandCount: 2 }),
      { kind: "unknown", text: unknown },
    ],
    [
      "a page",
      (r) => r.type("html").send("<html>welcome</html>"),
      { kind: "unknown", text: unknown },
    ],
    [
      "half of it",
      (r) => r.type("json").send('{"status":"Succ'),
      { kind: "unknown", text: unknown },
    ],
    [
      "a coding that is broken",
      (r) => r.set("Content-Encoding", "gzip").end("no gzip"),
      { kind: "unknown", text: unknown },
    ],
    ["nothing, with success", (r) => r.status(204).end(), { kind: "unknown", text: unknown }],
    [
      "another address",
      (r) => r.redirect(307, "https://elsewhere.example/"),
      {
        kind: "unavailable",
        text: "redirected (307) to https://elsewhere.example/; redirects are not followed",
      },
    ],
    [
      "401",
      (r) => r.status(401).send("who?"),
      {
        kind: "unavailable",
        text: "the gateway does not let this tenant and operator in: 401 who?",
      },
    ],
    [
      "403",
      (r) => r.status(403).send("not yours"),
      { kind: "failed", code: "403", text: "not yours" },
    ],
    [
      "404 of the gateway",
      (r) => r.status(404).json({ message: "no device" }),
      { kind: "rejected", code: "404", text: '{"message":"no device"}' },
    ],
    [
      "404 of something else",
      (r) => r.status(404).type("html").send("<h1>404</h1>"),
      { kind: "unavailable", text: "the gateway is not at this address: 404" },
    ],
    ["408", (r) => r.status(408).end(), { kind: "busy", retryAfterMs: 1_000 }],
    [
      "429 with a time",
      (r) => r.status(429).set("Retry-After", "7").end(),
      { kind: "busy", retryAfterMs: 7_000 },
    ],
    [
      "429 until a date",
      (r) =>
        r
          .status(429)
          .set({
            Date: "Wed, 21 Oct 2026 07:28:00 GMT",
            "Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT",
          })
          .end(),
      { kind: "busy", retryAfterMs: 30_000 },
    ],
    ["429 without a time", (r) => r.status(429).end(), { kind: "busy", retryAfterMs: 1_000 }],
    [
      "429 with a time far away",
      (r) => r.status(429).set("Retry-After", "999999").end(),
      { kind: "busy", retryAfterMs: 600_000 },
    ],
    ["503", (r) => r.status(503).end(), { kind: "busy", retryAfterMs: 5_000 }],
    [
      "502",
      (r) => r.status(502).end(),
      { kind: "unknown", text: "something on the way had no answer from the gateway: 502" },
    ],
    [
      "504",
      (r) => r.status(504).end(),
      { kind: "unknown", text: "something on the way had no answer from the gateway: 504" },
    ],
    ["500", (r) => r.status(500).send("oops"), { kind: "failed", code: "500", text: "oops" }],
    [
      "too much",
      (r) => r.send("x".repeat(70_000)),
      { kind: "unknown", text: "no answer: an answer of more than 65536 bytes" },
    ],
    [
      "too much, packed small",
      (r) => r.set("Content-Encoding", "gzip").end(gzipSync("x".repeat(1_000_000))),
      { kind: "unknown", text: "no answer: an answer of more than 65536 bytes" },
    ],
    [
      "nothing at all",
      (r) => r.socket?.destroy(),
      { kind: "unknown", text: "no answer: the connection failed: ECONNRESET" },
    ],
  ];
  for (const [title, say, outcome] of cases) {
    it(`knows what it means to be answered ${title}`, async () => {
      gateway.instead = (_, response) => {
        say(response);
      };
      expect((await send(add("P1"))).outcome).to.deep.equal(outcome);
    });
  }

  it("ends the session when it is not let in, and a card's own trouble ends none", async () => {
    const session = await openSession(NAME, gateway.port);
    const one = { transaction: 1, caId: CARD, subscriptionNumber: "S-1", command: add("P1") };
    gateway.instead = (_, response) => void response.status(403).end();
    expect((await session.send(one)).outcome.kind).to.equal("failed");
    gateway.instead = (_, response) => void response.status(401).end();
    expect((await session.send(one)).outcome.kind).to.equal("unavailable");
    expect(await session.closed).to.contain("401");
  });

  it("says nothing but what is public", () => {
    const adapter = adapterOf(NAME, gateway.port);
    expect([...adapter.commands]).to.deep.equal(["AUTHORISE_SERVICES"]);
    const draft = { caId: CARD, subscriptionNumber: "S-1", pinDigits: undefined };
    expect(adapter.checkCommand({ ...draft, command: add("P1") })).to.deep.equal([]);
    const dated = { ...add("P1"), end: Date.UTC(2030, 0, 1) } as Command;
    expect(
      adapter.checkCommand({ ...draft, command: dated }).map(({ part }) => part),
    ).to.deep.equal(["end"]);
  });
});
