import { expect } from "chai";
import { ENDPOINTS } from "../../src/http/endpoints/all.js";
import { HTTP_STATUS } from "../../src/http/http-status.js";
import { PROTOCOL_FAULTS } from "../../src/http/protocol-fault.js";
import { CALL_DEADLINE_MS, HTTP_LIMITS, TAKE_ANSWER_MS } from "../../src/http/server-limits.js";
import { REASONS } from "../../src/requests/reasons.js";
import { blocks, page, plain, row, tableRows } from "./pages.js";

describe("documentation: web API", () => {
  const text = page("docs/web-api.md");

  it("has the codes of the code, in its order", () => {
    const rows = tableRows(text, "code", "HTTP").map((cells) => row(...cells));
    const reasons = Object.entries(REASONS).map(([reason, { status }]) =>
      row(reason, String(HTTP_STATUS[status]), status),
    );
    const faults = Object.entries(PROTOCOL_FAULTS).map(([fault, { http }]) =>
      row(fault, String(http), ""),
    );
    expect(rows).to.deep.equal([...reasons, ...faults]);
  });

  it("has every call, and examples of calls and parameters that there are", () => {
    const calls = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
    expect(tableRows(text, "call").map(([call = ""]) => plain(call))).to.have.members(calls);
    const shell = blocks([text, page("README.md")], "sh");
    const urls = shell.flatMap((block) => [
      ...block.text.matchAll(/curl -s(G?) http:\/\/127\.0\.0\.1:8080(\/[a-z]+\/[a-z_/]+)([^\n]*)/g),
    ]);
    expect(urls.length).to.be.greaterThan(7);
    for (const [, get, path = "", rest = ""] of urls) {
      const known = ENDPOINTS.find((one) => one.path === path);
      expect(known?.method, path).to.equal(get === "G" ? "GET" : "POST");
      const names = [
        ...[...rest.matchAll(/(?:-d|--data-urlencode) '?([a-z_]+)[=[]/g)].map(([, name]) => name),
        ...[...rest.matchAll(/[{,]"([a-z_]+)":/g)].map(([, name]) => name),
      ];
      expect(names).not.to.deep.equal([]);
      const members = ["token", "id", "number", "serial_number", "alternative_code"];
      members.push("result", "error_code");
      for (const name of names) {
        expect([...members, ...Object.keys(known?.parameters.shape ?? {})]).to.include(name);
      }
    }
  });

  it("gives the limits of the server", () => {
    const limits = new Map(
      tableRows(text, "what", "limit").map(([what = "", limit = ""]) => [what, limit]),
    );
    expect(limits.get("body")).to.equal(`${HTTP_LIMITS.bodyBytes / 1024} KiB`);
    expect(limits.get("request line and headers")).to.equal(
      `${HTTP_LIMITS.headerBytes / 1024} KiB`,
    );
    expect(limits.get("connections")).to.include(HTTP_LIMITS.connections.toLocaleString("en-US"));
    for (const [what, ms] of [
      ["time for the headers to arrive", HTTP_LIMITS.headersTimeoutMs],
      ["time for the whole request to arrive", HTTP_LIMITS.requestTimeoutMs],
      ["time until a call is answered", CALL_DEADLINE_MS],
      ["time for an answer of more than 64 KiB to be taken", TAKE_ANSWER_MS],
      ["idle connection", HTTP_LIMITS.keepAliveTimeoutMs],
      ["connection on which nothing moves", HTTP_LIMITS.socketTimeoutMs],
    ] as const) {
      expect(limits.get(what), what).to.equal(`${ms / 1000} s`);
    }
  });
});
