import { connect } from "node:net";
import { expect } from "chai";
import {
  createParameters,
  FORM_BODY,
  JSON_BODY,
  LIST,
  REAUTHORISE,
  SHOW,
  WebClient,
} from "../support/web-client.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const SQLITE = ONE_OF_EACH.slice(0, 1);
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "latin1"));

/** Bodies of a create that are refused, and the parameter that is named. */
const WRONG: readonly (readonly [string, string | Uint8Array<ArrayBuffer>, string, string?])[] = [
  ["an unknown member", '{"colour":"red"}', "INVALID_REQUEST", "colour"],
  ["a member of every object", '{"__proto__":{"id":"1"}}', "INVALID_REQUEST", "__proto__"],
  [
    "an unknown member of a member",
    '{"smartcard_identifier":{"ca_id":"1"}}',
    "INVALID_REQUEST",
    "smartcard_identifier.ca_id",
  ],
  [
    "a text for a truth value",
    '{"process_immediately":"true"}',
    "INVALID_REQUEST",
    "process_immediately",
  ],
  [
    "a number for a truth value",
    '{"process_immediately":1}',
    "INVALID_REQUEST",
    "process_immediately",
  ],
  [
    "a number for a text",
    '{"subscription_identifier":{"number":1001}}',
    "INVALID_REQUEST",
    "subscription_identifier.number",
  ],
  [
    "a text for an object",
    '{"smartcard_identifier":"1"}',
    "INVALID_REQUEST",
    "smartcard_identifier",
  ],
  [
    "a list for an object",
    '{"smartcard_identifier":[]}',
    "INVALID_REQUEST",
    "smartcard_identifier",
  ],
  ["a priority that is none", '{"priority":"HIGH"}', "INVALID_REQUEST", "priority"],
  ["a member twice", '{"reason":"a","reason":"a"}', "MALFORMED_MESSAGE", "reason"],
  [
    "a member of a member twice",
    '{"smartcard_identifier":{"id":"a","\\u0069d":"b"}}',
    "MALFORMED_MESSAGE",
    "smartcard_identifier.id",
  ],
  ["bad UTF-8", bytes('{"reason":"\xff"}'), "MALFORMED_MESSAGE", "reason"],
  ["half a character", '{"reason":"\\ud800"}', "MALFORMED_MESSAGE", "reason"],
  ["a bare control character", '{"reason":"a\u0001"}', "MALFORMED_MESSAGE", "reason"],
  [
    "something nested",
    `{"a":${"[".repeat(9)}${"]".repeat(9)}}`,
    "MALFORMED_MESSAGE",
    `a${"[0]".repeat(7)}`,
  ],
  [
    "something nested a thousand times",
    `{"a":${"[".repeat(1000)}`,
    "MALFORMED_MESSAGE",
    `a${"[0]".repeat(7)}`,
  ],
  ["no JSON", "{", "MALFORMED_MESSAGE"],
  ["JSON with more after it", "{} {}", "MALFORMED_MESSAGE"],
  ["a list", "[]", "MALFORMED_MESSAGE"],
  ["bad UTF-8 outside of a text", bytes("{} \xff"), "MALFORMED_MESSAGE"],
];

const RULES: readonly (readonly [string, object, string])[] = [
  [
    "an escaped control character",
    { smartcard_identifier: { id: "a\u0000" } },
    "smartcard_identifier.id",
  ],
  ["an empty identifier", { smartcard_identifier: { id: "" } }, "smartcard_identifier.id"],
  ["a date that is none", { scheduled_date: "tomorrow" }, "scheduled_date"],
  ["a day that is none", { scheduled_date: "2027-02-29T00:00:00" }, "scheduled_date"],
  ["a request_id that is no UUID", { request_id: "42" }, "request_id"],
  ["an overlong reference", { caller_reference: "x".repeat(129) }, "caller_reference"],
  ["a control character in a text", { reason: "a\u0007" }, "reason"],
];

for (const database of SQLITE) {
  describe("the web API refuses", () => {
    const worlds = useWorlds(database);
    let web: WebClient;
    let address: string;

    beforeEach(async () => {
      const world = await worlds.start();
      address = world.service.http;
      web = new WebClient(address);
    });

    it("bodies that are wrong, by the parameter's name, and stores nothing", async () => {
      for (const [title, body, code, field] of WRONG) {
        const answer = await web.postText(REAUTHORISE, body);
        expect(answer, title).to.include({ http: 400, code });
        expect(answer.fields, title).to.deep.equal([field]);
        if (field !== undefined) expect(answer.message, title).to.contain(`${field}: `);
      }
      for (const [title, wanted, field] of RULES) {
        const answer = await web.post(REAUTHORISE, createParameters(0, wanted));
        expect(answer, title).to.include({ http: 400, code: "INVALID_REQUEST" });
        expect(answer.fields, title).to.deep.equal([field]);
      }
      expect((await web.get(LIST)).data).to.deep.equal({ provisioning_requests: [], more: false });
    });

    it("tells all faults of one call together, twenty at most", async () => {
      const two = await web.post(REAUTHORISE, { request_id: "1", reason: "a\u0001" });
      expect(two.fields).to.have.members([
        "subscription_identifier",
        "smartcard_identifier",
        "request_id",
        "reason",
      ]);
      const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`unknown_${i}`, i]));
      const answer = await web.post(REAUTHORISE, many);
      expect(answer.fields).to.have.lengthOf(20);
      expect(answer.message).to.match(/and 30 more$/);
    });

    it("forms and queries that are wrong, by the parameter's name", async () => {
      const form = (body: string) =>
        web.send(REAUTHORISE, { method: "POST", headers: FORM_BODY, body });
      for (const [body, code, field] of [
        ["reason=a&reason=a", "MALFORMED_MESSAGE", "reason"],
        [
          "smartcard_identifier[id]=a&smartcard_identifier[id]=a",
          "MALFORMED_MESSAGE",
          "smartcard_identifier.id",
        ],
        [
          "smartcard_identifier=a&smartcard_identifier[id]=a",
          "MALFORMED_MESSAGE",
          "smartcard_identifier.id",
        ],
        ["reason=%ff", "MALFORMED_MESSAGE", "reason"],
        [`a${"[b]".repeat(20)}=1`, "MALFORMED_MESSAGE", `a${".b".repeat(20)}`],
        ["a[=1", "MALFORMED_MESSAGE", "a["],
        ["colour=red", "INVALID_REQUEST", "colour"],
        ["smartcard_identifier[__proto__]=1", "INVALID_REQUEST", "smartcard_identifier.__proto__"],
      ] as const) {
        const answer = await form(body);
        expect(answer, body).to.include({ http: 400, code });
        expect(answer.fields, body).to.deep.equal([field]);
      }
      for (const [query, field] of [
        [{ number_of_results: "-1" }, "number_of_results"],
        [{ number_of_results: "ten" }, "number_of_results"],
        [{ offset: "-1" }, "offset"],
        [{ offset: "10001" }, "offset"],
        [{ fields_set: "number,colour" }, "fields_set[1]"],
        [{ life_cycle_states: "PENDING,DONE" }, "life_cycle_states[1]"],
        [{ oldest_first: "yes" }, "oldest_first"],
        [{ page_size: "1" }, "page_size"],
        [{ created_from: "yesterday" }, "created_from"],
        [
          { "subscription_identifier[id]": "a", "subscription_identifier[number]": "b" },
          "subscription_identifier",
        ],
      ] as const) {
        const answer = await web.get(LIST, query);
        expect(answer, JSON.stringify(query)).to.include({ http: 400, code: "INVALID_REQUEST" });
        expect(answer.fields, JSON.stringify(query)).to.deep.equal([field]);
      }
      expect((await web.get(SHOW)).fields).to.deep.equal(["id"]);
      expect((await web.get(SHOW, { id: "a", number: "1" })).fields).to.deep.equal(["number"]);
      expect((await web.get(SHOW, { number: "0" })).fields).to.deep.equal(["number"]);
      const inQuery = await web.send(`${REAUTHORISE}?reason=a`, { method: "POST" });
      expect(inQuery.fields).to.deep.equal(["reason"]);
    });

    it("paths, methods, media types and bodies that it does not have, in the envelope", async () => {
      expect(await web.send("/nds")).to.include({ http: 404, code: "METHOD_NOT_FOUND" });
      expect(await web.send("/%zz")).to.include({ http: 404, code: "METHOD_NOT_FOUND" });
      const wrongMethod = await web.send(REAUTHORISE);
      expect(wrongMethod).to.include({
        http: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "the path takes POST",
      });
      expect(wrongMethod.headers.get("allow")).to.equal("POST");
      expect((await web.send(`${LIST}/?a=1`, { method: "DELETE" })).headers.get("allow")).to.equal(
        "GET",
      );
      expect((await fetch(`http://${address}${LIST}`, { method: "HEAD" })).status).to.equal(405);
      const xml = { method: "POST", headers: { "content-type": "text/xml" }, body: "<a/>" };
      expect(await web.send(REAUTHORISE, xml)).to.include({
        http: 415,
        code: "MEDIA_TYPE_NOT_SUPPORTED",
      });
      const large = { method: "POST", headers: JSON_BODY, body: " ".repeat(65 * 1024) };
      expect(await web.send(REAUTHORISE, large)).to.include({ http: 413, code: "BODY_TOO_LARGE" });
    });

    it("what is no HTTP, in the envelope, and closes the connection", async () => {
      expect(await raw("nonsense\r\n\r\n")).to.match(/^HTTP\/1.1 400 .*"BAD_REQUEST"/s);
      expect(
        await raw(`GET /livez HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}\r\n\r\n`),
      ).to.match(/^HTTP\/1.1 431 .*"HEADERS_TOO_LARGE"/s);
    });

    it("calls of other sites' pages, when nobody has to prove who calls", async () => {
      const post = (headers: Record<string, string>) =>
        raw(
          `POST ${REAUTHORISE} HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n${Object.entries(
            headers,
          )
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join("")}\r\n`,
        );
      for (const headers of [
        { host: address, origin: "http://evil.example" },
        { host: address, origin: "null" },
        { host: address, "sec-fetch-site": "cross-site" },
        { host: "evil.example:8080" },
        { host: "evil.example" },
        { host: "" },
      ] as Record<string, string>[]) {
        expect(await post(headers), JSON.stringify(headers)).to.match(
          /^HTTP\/1.1 403 .*"ORIGIN_NOT_ALLOWED"/s,
        );
      }
      for (const headers of [
        { host: address, origin: `http://${address}` },
        { host: "localhost" },
      ]) {
        expect(await post(headers as Record<string, string>)).to.match(/^HTTP\/1.1 400 /);
      }
    });

    it("what is no HTTP behind two calls, without taking the place of the second's answer", async () => {
      const world = await worlds.start({ simulator: { behaviour: { latencyMs: 60_000 } } });
      const head = (call: string) => `${call} HTTP/1.1\r\nHost: ${world.service.http}\r\n`;
      const body = JSON.stringify(createParameters(0, { process_immediately: true }));
      const create = `${head(`POST ${REAUTHORISE}`)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const calls = `${head(`GET ${SHOW}?number=1`)}\r\n${create}`;
      const answers = await raw(calls, { to: world.service.http, next: "no http\r\n\r\n" });
      expect(answers).to.match(/^HTTP\/1.1 404 /);
      expect(answers.match(/HTTP\/1.1 /g)).to.have.lengthOf(1);
    });

    /**
     * What comes back for bytes, until the connection is closed; `next` is sent when the first
     * answer has come.
     */
    function raw(request: string, { to = address, next = "" } = {}): Promise<string> {
      const [host = "", port = ""] = to.split(":");
      return new Promise((resolve, reject) => {
        const socket = connect(Number(port), host, () => socket.write(request));
        const chunks: Buffer[] = [];
        socket.on("data", (chunk: Buffer) => chunks.push(chunk));
        socket.once("data", () => socket.write(next));
        socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
        socket.on("error", reject);
      });
    }
  });
}
