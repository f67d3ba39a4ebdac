import { expect } from "chai";
import fc from "fast-check";
import { readForm } from "../../src/http/input/form-reader.js";
import { readJson } from "../../src/http/input/json-reader.js";
import { ServiceError } from "../../src/requests/service-error.js";

/** What was read as JSON would have it, with prototypes; undefined when it was refused. */
function attempt(read: () => unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(read()));
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

const json = (text: string) => attempt(() => readJson(Buffer.from(text)));

/** What JSON.parse makes of it, if that is an object. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const anyObject = fc.dictionary(
  fc.string({ unit: "grapheme" }),
  fc.jsonValue({ maxDepth: 3, stringUnit: "grapheme" }),
  { noNullPrototype: true },
);

describe("the reader of JSON bodies", () => {
  it("reads what JSON.parse reads, however it is spaced", () => {
    fc.assert(
      fc.property(anyObject, fc.constantFrom(0, 1, "\t", "\r\n"), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(json(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("refuses what JSON.parse refuses, and reads nothing otherwise than it", () => {
    fc.assert(
      fc.property(anyObject, fc.nat(), fc.string({ maxLength: 3 }), (value, place, piece) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        // Through bytes, which have no halves of characters.
        const broken = Buffer.from(text.slice(0, at) + piece + text.slice(at + 1)).toString();
        const found = json(broken);
        // Two members of one name are refused, which JSON.parse takes.
        if (found !== undefined) {
          // Both through JSON: it has neither -0 nor what is too large for a number.
          expect(found).to.deep.equal(JSON.parse(JSON.stringify(parsed(broken))));
        } else if (parsed(broken) !== undefined) expect(broken).to.match(/"(.*)".*:.*"\1"|\\u/s);
      }),
      { numRuns: 1000 },
    );
  });

  it("never fails but with a fault that names what is wrong, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        attempt(() => readJson(Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('"}')])));
        attempt(() => readJson(Buffer.from(bytes)));
      }),
    );
  });

  it("passes over a byte order mark", () => {
    expect(json('\u{feff}{"a":1}')).to.deep.equal({ a: 1 });
  });
});

describe("the reader of forms and queries", () => {
  it("reads what URLSearchParams writes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !/[[\]]/.test(name)),
          fc.string({ unit: "grapheme" }),
          { noNullPrototype: true, maxKeys: 20 },
        ),
        (members) => {
          const flat = readForm(new URLSearchParams(members).toString());
          expect(JSON.parse(JSON.stringify(flat))).to.deep.equal(members);
          const nested = Object.fromEntries(
            Object.entries(members).map(([name, value]) => [`one[${name}]`, value]),
          );
          const { one = {} } = readForm(new URLSearchParams(nested).toString());
          expect(JSON.parse(JSON.stringify(one))).to.deep.equal(members);
        },
      ),
    );
  });

  it("never fails but with a fault, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        attempt(() => readForm(text));
      }),
    );
  });
});
