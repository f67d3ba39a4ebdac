import { expect } from "chai";
import { loadProfile } from "../../../../src/adapters/profile/load-profile.js";
import { readableForm } from "../../../../src/adapters/profile/message/received.js";
import { counterDeskText } from "./counter-desk.js";

/** What an answer to the refresh says, in a profile that reads these fields from such bodies. */
function read(
  answer: { body: string; fields: string },
  body: string,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
) {
  const text = counterDeskText()
    .replace(
      /^answer:.*?(?=^session)/ms,
      `answer: { body: ${answer.body}, fields: { ${answer.fields} } }\n`,
    )
    .replace(/^ {2}login:.*?(?=^commands)/ms, "  min_gap_ms: 0\n")
    .replaceAll('    headers: { X-Token: "{session.token}" }\n', "")
    .replace(/^ {2}GET_.*\n/gm, "")
    .replace(/^rules:.*/ms, "rules: [{ when: { status: 1 }, outcome: unknown }]\n");
  const { value, faults } = loadProfile("p.yaml", text);
  if (value?.carrier !== "http") throw new Error(JSON.stringify(faults));
  const request = value.protocol.sends.get("refresh");
  if (request === undefined) throw new Error("no request");
  return readableForm(value.protocol.read(request, { status, headers, body: Buffer.from(body) }));
}

const json = (fields: string) => ({ body: "json", fields });
const xml = (fields: string) => ({ body: "xml", fields });

describe("profile http: answers", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "JSON, deep",
      read(json("a: { path: 'x.y[1].z' }"), '{"x":{"y":[{"z":"no"},{"z":"yes"}]}}'),
      "refresh status=200 a=yes",
    ],
    [
      "JSON, all of a list",
      read(json("a: { path: 'x[]', repeated: 3 }"), '{"x":["a",1,true]}'),
      "refresh status=200 a=a a=1 a=true",
    ],
    [
      "JSON, those of a list that are, or are not, so",
      read(
        json("a: { path: 'x[s=1].v', repeated: 3 }, b: { path: 'x[s!=1].v', repeated: 3 }"),
        '{"x":[{"s":1,"v":"yes"},{"s":"1","v":"too"},{"s":2,"v":"no"},{"v":"none"},"text"]}',
      ),
      "refresh status=200 a=yes a=too b=no b=none",
    ],
    [
      "JSON, a list as long as it says, and another",
      read(
        json(
          "n: { path: n, kind: number }, a: { path: 'x[]', repeated: 9, count: n }, b: { path: 'y[]', repeated: 9, count: n }",
        ),
        '{"n":2,"x":["p","q"],"y":["r"]}',
      ),
      "refresh status=200 n=2 a=p a=q",
    ],
    [
      "XML, an element by an attribute, and by what stands in it",
      read(
        xml("a: { path: 'r.c[@id=2]' }, b: { path: 'r.d[k=x.y].v' }"),
        '<r><c id="1">no</c><c id="2">yes</c><d><k>x.y</k><v>this</v></d><d><k>z</k><v>no</v></d></r>',
      ),
      "refresh status=200 a=yes b=this",
    ],
    [
      "delays in seconds, until a date, and none",
      read(
        json(
          "a: { header: A, kind: delay }, b: { header: B, kind: delay }, c: { header: C, kind: delay }, d: { header: D, kind: delay }",
        ),
        "",
        {
          headers: {
            date: "Wed, 21 Oct 2026 07:28:00 GMT",
            a: "120",
            b: "Wed, 21 Oct 2026 07:29:00 GMT",
            c: "Wed, 21 Oct 2026 07:00:00 GMT",
            d: "soon",
          },
        },
      ),
      "refresh status=200 a=120 b=60 c=0",
    ],
    [
      "JSON, more of a list than is wanted",
      read(json("a: { path: 'x[]', repeated: 2 }"), '{"x":["a",1,true]}'),
      "refresh status=200",
    ],
    [
      "JSON, objects and null as nothing",
      read(json("a: { path: x }, b: { path: y }"), '{"x":null,"y":{}}'),
      "refresh status=200",
    ],
    [
      "JSON, nothing that objects have by themselves",
      read(json("a: { path: constructor.name }, b: { path: x.length }"), '{"x":[1]}'),
      "refresh status=200",
    ],
    [
      "numbers, and what is none",
      read(
        json("a: { path: x, kind: number }, b: { path: y, kind: number }"),
        '{"x":"007","y":"1.5"}',
      ),
      "refresh status=200 a=7",
    ],
    [
      "a SOAP answer",
      read(
        xml("code: { path: 'Envelope.Body.*.StatusCode' }"),
        '<s:Envelope xmlns:s="urn:s"><s:Body><m:Do xmlns:m="urn:m"><StatusCode> OK </StatusCode></m:Do></s:Body></s:Envelope>',
      ),
      "refresh status=200 code=OK",
    ],
    ["XML that is none", read(xml("code: { path: a }"), "<a>OK"), "refresh status=200"],
    [
      "a whole text",
      read({ body: "text", fields: "a: { whole: true }" }, "OK 42\n"),
      'refresh status=200 a="OK 42\u{FFFD}"',
    ],
    [
      "headers, whatever their case",
      read(json("a: { header: X-Note }"), "", { status: 204, headers: { "x-note": "hi" } }),
      "refresh status=204 a=hi",
    ],
    [
      "secrets as stars",
      read(json("a: { path: x, secret: true }"), '{"x":"t-1"}'),
      "refresh status=200 a=****",
    ],
  ];
  for (const [name, shown, expected] of cases) {
    it(`has ${name}`, () => {
      expect(shown).to.equal(expected);
    });
  }

  it("cuts what is too long", () => {
    const shown = read(json("a: { path: x }"), JSON.stringify({ x: "y".repeat(5_000) }));
    expect(shown).to.have.length.lessThan(2_100);
  });
});
