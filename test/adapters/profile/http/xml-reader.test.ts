import { expect } from "chai";
import fc from "fast-check";
import { escapeXml } from "../../../../src/adapters/profile/http/escapes.js";
import { parsePath, xmlAt } from "../../../../src/adapters/profile/http/paths.js";
import { readXml } from "../../../../src/adapters/profile/http/xml-reader.js";

function at(text: string, path: string): string[] {
  const read = readXml(text);
  if ("fault" in read) throw new Error(read.fault);
  return xmlAt(read.root, parsePath(path) ?? []);
}

const SOAP = `<?xml version="1.0"?>
<!-- an answer -->
<s:Envelope xmlns:s="http://example.org/soap">
  <s:Body>
    <m:Reply xmlns:m="urn:x" id='7'>
      <Code>OK</Code>
      <Item><Name>a &amp; b</Name></Item>
      <Item><Name><![CDATA[<c>]]></Name></Item>
      <Empty/>
    </m:Reply>
  </s:Body>
</s:Envelope>
`;

describe("profile http: XML", () => {
  const paths: readonly (readonly [string, readonly string[]])[] = [
    ["Envelope.Body.Reply.Code", ["OK"]],
    ["Envelope.Body.*.Code", ["OK"]],
    ["Envelope.Body.Reply.@id", ["7"]],
    ["Envelope.Body.Reply.Item[].Name", ["a & b", "<c>"]],
    ["Envelope.Body.Reply.Item[1].Name", ["<c>"]],
    ["Envelope.Body.Reply.Empty", [""]],
    ["Envelope.Body.Fault", []],
    ["Reply.Code", []],
  ];
  for (const [path, values] of paths) {
    it(`has ${path}`, () => {
      expect(at(SOAP, path)).to.deep.equal(values);
    });
  }

  it("reads characters by their numbers", () => {
    expect(at("<a>&#228;&#x20AC;&lt;&quot;</a>", "a")).to.deep.equal(['ä€<"']);
  });

  it("gives back what was escaped, in texts and attributes", () => {
    const texts = fc.stringMatching(/^[ -~äß€\u{1f600}]{0,40}$/u);
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeXml(text);
        expect(at(`<a b="${escaped}">x</a>`, "a.@b")).to.deep.equal([text]);
        expect(at(`<a>${escaped}</a>`, "a")).to.deep.equal([text.trim()]);
      }),
    );
  });

  const malformed: readonly (readonly [string, RegExp])[] = [
    ["", /no element/],
    ["text", /outside/],
    ["<a>", /not closed/],
    ["<a></b>", /closes nothing/],
    ["</a>", /closes nothing/],
    ["<a/><b/>", /more than one root/],
    ["<a/>text", /outside/],
    ["<a b=1/>", /malformed/],
    ['<a b="1" b="2"/>', /twice/],
    ["<a>&nbsp;</a>", /no &nbsp;/],
    ["<a>&</a>", /no &/],
    ["<a>&#0;</a>", /no &#0;/],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /document type/],
    ["<!-- <a/>", /no end/],
    ["<a>< </a>", /alone/],
    ["<a>".repeat(65), /too deep/],
  ];
  for (const [text, reason] of malformed) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      const read = readXml(text);
      expect("fault" in read ? read.fault : "").to.match(reason);
    });
  }

  it("survives anything", () => {
    const soup = fc.array(fc.constantFrom("<", ">", "/", "a", "=", '"', "&", ";", "<!", "[", " "));
    fc.assert(
      fc.property(soup, (pieces) => {
        const read = readXml(pieces.join(""));
        expect("fault" in read || "root" in read).to.equal(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
