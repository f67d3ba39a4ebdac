import { expect } from "chai";
import fc from "fast-check";
import { UnwritableValue } from "../../../../src/adapters/profile/fields/output.js";
import { read, roundTrip, write } from "./codec.js";

describe("profile fields: texts", () => {
  const golden: readonly (readonly [object, string, string])[] = [
    [{ form: "text" }, "ä€", "c3a4e282ac"],
    [{ form: "text", encoding: "latin1" }, "ä", "e4"],
    [{ form: "text", encoding: "utf-16le" }, "ä", "e400"],
    [{ form: "text", encoding: "utf-16be" }, "ä€", "00e420ac"],
    [{ form: "text", length: 5 }, "ab", "6162202020"],
    [{ form: "text", length: 4, pad: "0", pad_at: "start" }, "7", "30303037"],
    [{ form: "text", length: 4, pad: "\0" }, "ab", "61620000"],
    [{ form: "text", ends: "\0" }, "ab", "616200"],
    [{ form: "text", length_prefix: "u8" }, "ab", "026162"],
    [{ form: "text", length_prefix: "u16", byte_order: "little" }, "ab", "02006162"],
    [{ form: "text", encoding: "utf-16le", length: 8 }, "aĀ", "6100000120002000"],
    [{ form: "text", encoding: "utf-16be", length: 6, pad: "\0" }, "a", "006100000000"],
    [{ form: "text", encoding: "utf-16le", ends: "\0\0" }, "aĀ", "610000010000"],
    [{ form: "bytes" }, "00ff", "00ff"],
    [{ form: "bytes", length_prefix: "u8" }, "00ff", "0200ff"],
  ];
  for (const [field, value, hex] of golden) {
    it(`writes ${JSON.stringify(value)} as ${hex}: ${JSON.stringify(field)}`, () => {
      expect(write(field, value)).to.equal(hex);
      expect(read(field, hex)).to.deep.equal({ value, taken: hex.length / 2 });
    });
  }

  it("reads what it wrote, in every encoding and extent", () => {
    const extents = [{ length: 300 }, { length_prefix: "u16" }, { ends: "\0" }, {}];
    const printable: Readonly<Record<string, RegExp>> = {
      ascii: /^[!-~]{0,60}$/,
      latin1: /^[!-~\u00a1-\u00ff]{0,60}$/,
      "utf-8": /^[!-~\u00a1-\u00ff\u0400-\u04ff\u20ac\u{1f600}]{0,60}$/u,
    };
    for (const [encoding, characters] of Object.entries(printable)) {
      fc.assert(
        fc.property(fc.stringMatching(characters), fc.constantFrom(...extents), (value, extent) => {
          expect(roundTrip({ form: "text", encoding, ...extent }, value)).to.equal(value);
        }),
      );
    }
    for (const encoding of ["utf-16le", "utf-16be"]) {
      const wide = fc.stringMatching(/^[!-~\u20ac\u{1f600}]{0,60}$/u);
      fc.assert(
        fc.property(wide, (value) => {
          expect(roundTrip({ form: "text", encoding, length_prefix: "u16" }, value)).to.equal(
            value,
          );
        }),
      );
    }
  });

  it("never reads what logs and databases refuse", () => {
    for (const encoding of ["ascii", "utf-8", "latin1", "utf-16le", "utf-16be"]) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
          const { value } = read({ form: "text", encoding }, Buffer.from(bytes).toString("hex"));
          expect(value).not.to.match(/[\p{Cc}\p{Surrogate}\u{FEFF}]/u);
        }),
      );
    }
  });

  it("refuses what cannot be said", () => {
    const refused: readonly (readonly [object, string, RegExp])[] = [
      [{ form: "text", encoding: "ascii" }, "ä", /ascii has not/],
      [{ form: "text", encoding: "latin1" }, "€", /latin1 has not/],
      [{ form: "text", encoding: "utf-8" }, "\u{d800}", /half a character/],
      [{ form: "text", length: 3 }, "abcd", /4 bytes, over 3/],
      [{ form: "text", length_prefix: "u8" }, "x".repeat(256), /over 255/],
      [{ form: "text", ends: ";" }, "a;b", /would end it/],
      [{ form: "text", encoding: "utf-16le", length: 5 }, "ab", /half a character/],
      [{ form: "text", min: 2 }, "a", /1 bytes, under 2/],
      [{ form: "text", max: 2 }, "äa", /3 bytes, over 2/],
      [{ form: "text", chars: "digits" }, "1a", /digits/],
      [{ form: "text", chars: "visible" }, "a b", /visible/],
      [{ form: "bytes" }, "abc", /hexadecimal/],
      [{ form: "bytes", length: 2 }, "ab", /1 bytes, under 2/],
    ];
    for (const [field, value, reason] of refused) {
      expect(() => write(field, value), JSON.stringify(field)).to.throw(UnwritableValue, reason);
    }
  });

  it("reads nothing that is not of the form", () => {
    const malformed: readonly (readonly [object, string])[] = [
      [{ form: "text", length: 3 }, "6161"],
      [{ form: "text", length_prefix: "u8" }, "0361"],
      [{ form: "text", ends: ";" }, "6161"],
      [{ form: "text", min: 1 }, ""],
      [{ form: "text", max: 1 }, "6161"],
      [{ form: "text", chars: "digits" }, "3161"],
      [{ form: "bytes", max: 1 }, "6161"],
    ];
    for (const [field, hex] of malformed) {
      expect(read(field, hex).value, JSON.stringify(field)).to.equal(undefined);
    }
  });
});
