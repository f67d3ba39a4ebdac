import { expect } from "chai";
import type { Response } from "express";
import type { Command } from "../../../../src/requests/command.js";
import { CONNECTIONS } from "./connections.js";
import { MotvServer } from "./motv-server.js";
import { adapterOf, CARD, sendOne } from "./opened.js";

const NAME = "motv-csms";
const BASE = { base_path: "/csms" };
const services = ["P1", "P2"].map((caId) => ({ code: caId, caId }));
const refresh: Command = { type: "REAUTHORISE_ALL_SERVICES" };

describe("motv CSMS, against a gateway on express", () => {
  let motv: MotvServer;
  beforeEach(async () => {
    motv = await MotvServer.start(CONNECTIONS[NAME]);
  });
  afterEach(() => motv.stop());

  const send = (command: Command = refresh, more = {}) =>
    sendOne(NAME, motv.port, command, { ...BASE, ...more });

  const box = { id: "box", serialNumber: "SN", caId: "BOX-1" };
  const commands: readonly (readonly [Command, string, object])[] = [
    [refresh, "Card/refresh", { card: CARD }],
    [
      { type: "AUTHORISE_SERVICES", services },
      "Card/addProducts",
      { card: CARD, products: ["P1", "P2"] },
    ],
    [
      { type: "CANCEL_SERVICES", services },
      "Card/removeProducts",
      { card: CARD, products: ["P1", "P2"] },
    ],
    [{ type: "PAIR", setTopBox: box }, "Pairing/create", { card: CARD, box: "BOX-1" }],
    [{ type: "UNPAIR" }, "Pairing/remove", { card: CARD }],
  ];
  for (const [command, method, data] of commands) {
    it(`calls ${method} for ${command.type}, authorised`, async () => {
      const { outcome, request, response } = await send(command);
      expect(outcome).to.deep.equal({ kind: "accepted", reference: "1" });
      expect(motv.calls).to.deep.equal([{ method, data }]);
      expect(`${request}${response}`).not.to.contain("k5g8");
    });
  }

  it("is let in for ten minutes by the gateway's clock", async () => {
    motv.ahead = 595;
    expect((await send()).outcome.kind).to.equal("accepted");
    motv.ahead = 700;
    const { outcome } = await send();
    expect(outcome.kind).to.equal("unavailable");
    expect("text" in outcome && outcome.text)
      .to.contain("clock")
      .and.contain("status 3");
    motv.ahead = 0;
    expect((await send(refresh, { secret: "wrong" })).outcome.kind).to.equal("unavailable");
  });

  const wrong: readonly (readonly [string, object, object])[] = [
    [
      "a module that is not there",
      { reauthorise_model: "Nothing" },
      { kind: "rejected", code: "4", text: "unknown module: unknown module" },
    ],
    [
      "a method that is not there",
      { reauthorise_method: "sing" },
      { kind: "rejected", code: "5", text: "unknown method: unknown method" },
    ],
    [
      "a parameter that is missing",
      { card_member: "smartcard" },
      { kind: "rejected", code: "6", text: "a parameter is missing: missing card" },
    ],
  ];
  for (const [title, settings, outcome] of wrong) {
    it(`is told of ${title}`, async () => {
      expect((await send(refresh, settings)).outcome).to.deep.equal(outcome);
    });
  }

  type Say = (response: Response) => unknown;
  const unknown = {
    kind: "unknown",
    text: "the CA system answered reauthorise, which no rule knows",
  };
  const cases: readonly (readonly [string, Say, object])[] = [
    [
      "0",
      (r) => r.json({ status: 0, response: "?" }),
      { kind: "failed", code: "0", text: "unknown error: ?" },
    ],
    [
      "7",
      (r) => r.json({ status: 7 }),
      { kind: "rejected", code: "7", text: "the JSON is not taken:" },
    ],
    [
      "10",
      (r) => r.json({ status: 10, response: "card" }),
      { kind: "rejected", code: "10", text: "a parameter has the wrong type: card" },
    ],
    [
      "a status that is not known",
      (r) => r.json({ status: 99, response: "new" }),
      { kind: "failed", code: "99", text: "new" },
    ],
    [
      "success with an object",
      (r) => r.json({ status: 1, response: { id: 7 } }),
      { kind: "accepted", reference: "" },
    ],
    [
      "success with 500",
      (r) => r.status(500).json({ status: 1 }),
      { kind: "failed", code: "500", text: '{"status":1}' },
    ],
    ["a page", (r) => r.type("html").send("<html>"), unknown],
    ["no status", (r) => r.json({ response: "x" }), unknown],
    ["401", (r) => r.status(401).end(), { kind: "unavailable", text: "not authorised: 401" }],
    [
      "404",
      (r) => r.status(404).end(),
      { kind: "unavailable", text: "the gateway is not at this address: 404" },
    ],
    [
      "another address",
      (r) => r.redirect("https://c.example/"),
      {
        kind: "unavailable",
        text: "redirected (302) to https://c.example/; redirects are not followed",
      },
    ],
    [
      "429",
      (r) => r.status(429).set("Retry-After", "2").end(),
      { kind: "busy", retryAfterMs: 2_000 },
    ],
    ["503", (r) => r.status(503).end(), { kind: "busy", retryAfterMs: 5_000 }],
    [
      "504",
      (r) => r.status(504).end(),
      { kind: "unknown", text: "something on the way had no answer from the gateway: 504" },
    ],
  ];
  for (const [title, say, outcome] of cases) {
    it(`knows what it means to be answered ${title}`, async () => {
      motv.instead = (response) => {
        say(response);
      };
      expect((await send()).outcome).to.deep.equal(outcome);
    });
  }

  it("offers no command whose settings were left out", () => {
    const few = {
      pair_model: undefined,
      set_top_box_member: undefined,
      services_member: undefined,
    };
    const connection = Object.entries({ ...CONNECTIONS[NAME], ...few }).filter(
      ([, value]) => value !== undefined,
    );
    expect([...adapterOf(NAME, motv.port).commands]).to.have.length(5);
    const left = Object.keys(CONNECTIONS[NAME]).filter(
      (key) => !connection.some(([known]) => known === key),
    );
    expect(left).to.have.length(3);
    expect([...adapterOf(NAME, motv.port, few).commands]).to.deep.equal([
      "REAUTHORISE_ALL_SERVICES",
      "UNPAIR",
    ]);
  });

  it("cannot say when a right begins or ends, and lets nobody believe it", () => {
    const command: Command = { type: "AUTHORISE_SERVICES", services, start: 1, end: 2 };
    const draft = { caId: CARD, subscriptionNumber: "S-1", pinDigits: undefined, command };
    const parts = adapterOf(NAME, motv.port)
      .checkCommand(draft)
      .map(({ part }) => part);
    expect(parts).to.deep.equal(["start", "end"]);
  });
});
