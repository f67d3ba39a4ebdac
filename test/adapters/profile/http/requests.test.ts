import { createHash, createHmac } from "node:crypto";
import { expect } from "chai";
import type { CaCommand } from "../../../../src/adapters/ca-adapter.js";
import { UnwritableValue } from "../../../../src/adapters/profile/fields/output.js";
import type { WrittenRequest } from "../../../../src/adapters/profile/http/request-layout.js";
import { loadProfile } from "../../../../src/adapters/profile/load-profile.js";
import { counterDeskText, withBody } from "./counter-desk.js";

const command: CaCommand = {
  transaction: 42,
  caId: "A/1?",
  subscriptionNumber: 'Ä "<&> 1',
  command: { type: "REAUTHORISE_ALL_SERVICES" },
};
const setPin: CaCommand = {
  ...command,
  command: { type: "SET_USER_PARAMETERS", pinOperation: "SET" },
  pin: "7351",
};
const resetPin: CaCommand = {
  ...command,
  command: { type: "SET_USER_PARAMETERS", pinOperation: "RESET" },
};

/** What a request of the made-up profile, its text changed, would be. */
function write(name: string, sending: CaCommand | undefined, change = (text: string) => text) {
  const { value, faults } = loadProfile("p.yaml", change(counterDeskText()));
  if (value?.carrier !== "http") throw new Error(JSON.stringify(faults));
  const layout = value.protocol.sends.get(name);
  if (layout === undefined) throw new Error(name);
  return layout.write({
    settings: { tenant: "blue", user: "desk", password: "pst" },
    slot: 1,
    epoch: 9,
    kept: { token: "t-1" },
    now: Date.parse("2026-02-28T23:59:58.765Z"),
    correlation: 0,
    command: sending,
  });
}

const bodyOf = ({ body }: WrittenRequest) => String(body);

describe("profile http: requests", () => {
  it("have path, query, headers and body", () => {
    const hello = write("hello", undefined);
    expect(hello).to.deep.equal({
      method: "GET",
      path: "/session?slot=1&epoch=9",
      headers: {
        "X-Tenant": "blue",
        Accept: "application/json",
        Authorization: `Basic ${Buffer.from("desk:pst").toString("base64")}`,
      },
      body: undefined,
      readable: "hello GET /session?slot=1&epoch=9",
    });
    const refresh = write("refresh", command);
    expect(refresh.path).to.equal("/cards/A%2F1%3F/refresh");
    expect(refresh.headers).to.include({
      "X-Token": "t-1",
      "content-type": "application/json",
      "content-length": String(refresh.body?.length),
    });
    expect(JSON.parse(bodyOf(refresh))).to.deep.equal({
      number: 42,
      subscription: { id: 'Ä "<&> 1', tags: ["all", "card A/1?"] },
      forced: true,
    });
  });

  it("leave out what may have no value, and show no PIN", () => {
    expect(bodyOf(write("pin", resetPin))).to.equal('{"number":42,"action":"default"}');
    const { body, readable } = write("pin", setPin);
    expect(String(body)).to.equal('{"number":42,"action":"given","pin":"7351"}');
    expect(readable).to.equal(
      'pin PUT /cards/A%2F1%3F/pin {"number":42,"action":"given","pin":"****"}',
    );
  });

  it("write lists, dates and what may be left out of commands", () => {
    const grant = write("grant", {
      ...command,
      command: {
        type: "AUTHORISE_SERVICES",
        services: [
          { code: "SPORT", caId: "S-1" },
          { code: "NEWS", caId: "N-1" },
        ],
        end: Date.parse("2026-03-01T00:00:00Z"),
      },
    });
    expect(JSON.parse(bodyOf(grant))).to.deep.equal({
      number: 42,
      services: [{ id: "S-1" }, { id: "N-1" }],
      count: 2,
      until: "2026-03-01T00:00:00Z",
    });
    const message = { type: "SEND_ON_SCREEN_MESSAGE", text: 'a "b"', durationSeconds: 5 } as const;
    expect(JSON.parse(bodyOf(write("screen", { ...command, command: message })))).to.deep.equal({
      number: 42,
      text: 'a "b"',
      seconds: 5,
    });
    const repeated = { ...message, repeatIntervalSeconds: 60 };
    expect(bodyOf(write("screen", { ...command, command: repeated }))).to.contain('"every":60');
  });

  it("are not made without a value that they need", () => {
    const strict = (text: string) => text.replace("{pin?}", "{pin}");
    expect(() => write("pin", resetPin, strict)).to.throw(UnwritableValue, /needs \{pin\}/);
    expect(() => write("pin", resetPin, (text) => text.replace('"{pin?}"', '"p {pin}"'))).to.throw(
      UnwritableValue,
      /needs \{pin\}/,
    );
  });

  it("cannot have two members of one name, one of which would be lost", () => {
    const json = withBody(
      '{ json: { "{settings.tenant}": "{ca_id}", "{settings.user}": "{subscription_number?}" } }',
    );
    expect(bodyOf(write("refresh", command, json))).to.equal(
      JSON.stringify({ blue: command.caId, desk: command.subscriptionNumber }),
    );
    const same = (text: string) =>
      json(text).replace('{settings.user}": "{sub', '{settings.tenant?}": "{sub');
    expect(() => write("refresh", command, same)).to.throw(
      UnwritableValue,
      "has two members named blue",
    );
  });

  it("can have forms", () => {
    const form = withBody('{ form: { id: "{subscription_number}", n: "{transaction}", x: 1 } }');
    const { body, headers } = write("refresh", command, form);
    expect(headers["content-type"]).to.equal("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(String(body))]).to.deep.equal([
      ["id", 'Ä "<&> 1'],
      ["n", "42"],
      ["x", "1"],
    ]);
  });

  it("can have XML, in which values stay values", () => {
    const xml = withBody(
      `{ xml: '<m:Do xmlns:m="urn:x" id="{transaction}"><s>{subscription_number}</s></m:Do>' }`,
    );
    expect(bodyOf(write("refresh", command, xml))).to.equal(
      '<m:Do xmlns:m="urn:x" id="42"><s>Ä &quot;&lt;&amp;&gt; 1</s></m:Do>',
    );
    expect(() => write("refresh", { ...command, subscriptionNumber: "a\u0001" }, xml)).to.throw(
      UnwritableValue,
      /XML has not/,
    );
  });

  it("can have elements of XML for each value, and none without one", () => {
    const xml =
      '<a>{#services}<s id="{item}">{ca_id}</s>{/services}{#start}<from>{item|iso}</from>{/start}</a>';
    const change = (text: string) =>
      text.replace(
        /(grant:.*?\n {4}body:).*?(?=\n {2}screen:)/s,
        (_, head: string) => `${head} { xml: '${xml}' }`,
      );
    const services = ["1&", "2"].map((caId) => ({ code: caId, caId }));
    const authorise = { ...command, command: { type: "AUTHORISE_SERVICES", services } as const };
    expect(bodyOf(write("grant", authorise, change))).to.equal(
      '<a><s id="1&amp;">A/1?</s><s id="2">A/1?</s></a>',
    );
    const dated = { ...authorise, command: { ...authorise.command, services: [], start: 0 } };
    expect(bodyOf(write("grant", dated, change))).to.equal(
      "<a><from>1970-01-01T00:00:00Z</from></a>",
    );
  });

  it("can choose by a value what JSON has, and what its members are called", () => {
    const json = withBody(`
      json:
        "{settings.tenant}": "{ca_id}"
        box: { $when: { settings.tenant: blue }, $then: { id: "{ca_id}" } }
        other: { $when: { settings.tenant: red }, $then: { id: "{ca_id}" } }`);
    expect(bodyOf(write("refresh", command, json))).to.equal('{"blue":"A/1?","box":{"id":"A/1?"}}');
  });

  it("can have dates as clocks of a zone show them", () => {
    const zoned = (format: string) => (text: string) =>
      text.replace('id: "{subscription_number}"', `id: "{now|${format}}"`);
    const { subscription } = JSON.parse(
      bodyOf(write("refresh", command, zoned("YYYYMMDDHHMM@Asia/Kolkata"))),
    ) as { subscription: object };
    expect(subscription).to.include({ id: "202603010529" });
    for (const format of ["YYYYMMDD@Mars/Olympus", "iso@UTC", "YYYYMMDD@UTC@UTC"]) {
      expect(() => write("refresh", command, zoned(format)), format).to.throw(/has no format/);
    }
  });

  it("can have the first or the last part of a value", () => {
    const parts = (text: string) =>
      text
        .replace(
          "values:\n",
          `values:
  first: { part: first, of: "{ca_id}", separator: "/" }
  last: { part: last, of: "{ca_id}", separator: "/" }
`,
        )
        .replace('id: "{subscription_number}"', 'id: "{values.first} {values.last}"');
    const ids = ["A/B/C", "AB"].map((caId) => {
      const body = bodyOf(write("refresh", { ...command, caId }, parts));
      return (JSON.parse(body) as { subscription: { id: string } }).subscription.id;
    });
    expect(ids).to.deep.equal(["A C", "AB AB"]);
  });

  it("can have texts", () => {
    const text = withBody('{ text: "REFRESH {ca_id} {{now}}", type: text/x-desk }');
    const { body, headers } = write("refresh", command, text);
    expect(String(body)).to.equal("REFRESH A/1? {now}");
    expect(headers["content-type"]).to.equal("text/x-desk");
  });

  it("can be signed", () => {
    const signed = (values: string) => (text: string) =>
      text
        .replace("values:\n", `values:\n  signature: ${values}\n`)
        .replace("Accept: application/json", 'X-Sign: "{values.signature}"');
    const of = "2026-02-28T23:59:58Z1772323198desk";
    const source = "'{now|iso}{now|seconds}{settings.user}'";
    const plain = write("hello", undefined, signed(`{ digest: sha1, of: ${source} }`));
    expect(plain.headers["X-Sign"]).to.equal(createHash("sha1").update(of).digest("hex"));
    const keyed = write(
      "hello",
      undefined,
      signed(`{ digest: sha256, of: ${source}, key: '{settings.password}', as: base64 }`),
    );
    expect(keyed.headers["X-Sign"]).to.equal(
      createHmac("sha256", "pst").update(of).digest("base64"),
    );
  });

  it("cannot lead elsewhere by their values", () => {
    expect(write("refresh", { ...command, caId: ".." }).path).to.equal("/cards/%2E%2E/refresh");
    const header = (text: string) => text.replace('"{session.token}"', '"{subscription_number}"');
    expect(() =>
      write("refresh", { ...command, subscriptionNumber: "a\r\nX-Evil: 1" }, header),
    ).to.throw(UnwritableValue, /headers have not/);
  });
});
