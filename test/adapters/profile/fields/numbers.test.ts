import { expect } from "chai";
import fc from "fast-check";
import { UnwritableValue } from "../../../../src/adapters/profile/fields/output.js";
import { read, roundTrip, write } from "./codec.js";

const FORMS = ["u8", "u16", "u24", "u32", "u40", "u48", "u56", "u64"] as const;

describe("profile fields: numbers", () => {
  const golden: readonly (readonly [object, number | bigint | string, string])[] = [
    [{ form: "u8" }, 255, "ff"],
    [{ form: "u16" }, 0x1234, "1234"],
    [{ form: "u16", byte_order: "little" }, 0x1234, "3412"],
    [{ form: "u24" }, 0x123456, "123456"],
    [{ form: "u24", byte_order: "little" }, 0x123456, "563412"],
    [{ form: "u32" }, 0xfedcba98, "fedcba98"],
    [{ form: "u32", byte_order: "little" }, 0xfedcba98, "98badcfe"],
    [{ form: "u40", byte_order: "little" }, 1, "0100000000"],
    [{ form: "u48" }, 2 ** 48 - 1, "ffffffffffff"],
    [{ form: "u64" }, 2n ** 64n - 1n, "ffffffffffffffff"],
    [{ form: "u64", byte_order: "little" }, 258, "0201000000000000"],
    [{ form: "u32" }, "0042", "0000002a"],
    [{ form: "decimal", length: 6 }, 42, "303030303432"],
    [{ form: "decimal", ends: "|" }, 42, "34327c"],
    [{ form: "decimal", length_prefix: "u8" }, 42, "023432"],
    [{ form: "hexadecimal", length: 4 }, 0x2a, "30303241"],
    [{ form: "bcd", digits: 6 }, "123456", "123456"],
    [{ form: "bcd", digits: 5 }, "12345", "012345"],
    [{ form: "bcd", digits: 5, pad: "f", pad_at: "end" }, "12345", "12345f"],
    [{ form: "bcd", digits: 6, pad: "f" }, "1234", "ff1234"],
  ];
  for (const [field, value, hex] of golden) {
    it(`writes ${value} as ${hex}: ${JSON.stringify(field)}`, () => {
      expect(write(field, value)).to.equal(hex);
    });
  }

  for (const form of FORMS) {
    for (const byte_order of ["big", "little"] as const) {
      it(`reads what it wrote: ${form} ${byte_order}`, () => {
        const max = (1n << BigInt(form.slice(1))) - 1n;
        fc.assert(
          fc.property(fc.bigInt({ min: 0n, max }), (number) => {
            const value = number <= Number.MAX_SAFE_INTEGER ? Number(number) : number;
            expect(roundTrip({ form, byte_order }, value)).to.equal(value);
          }),
        );
        expect(() => write({ form }, max + 1n)).to.throw(UnwritableValue);
        expect(() => write({ form }, -1)).to.throw(UnwritableValue);
        expect(() => write({ form }, 1.5)).to.throw(UnwritableValue);
        expect(read({ form }, "00".repeat(Number(form.slice(1)) / 8 - 1)).value).to.equal(
          undefined,
        );
      });
    }
  }

  it("reads digits that it wrote", () => {
    const extents = [{ length: 12 }, { length_prefix: "u16" }, { ends: "\r\n" }, {}];
    fc.assert(
      fc.property(
        fc.nat({ max: 999_999_999 }),
        fc.constantFrom(...extents),
        fc.constantFrom("decimal", "hexadecimal"),
        (value, extent, form) => {
          expect(roundTrip({ form, ...extent }, value)).to.equal(value);
        },
      ),
    );
    expect(read({ form: "decimal", length: 3 }, "313278").value).to.equal(undefined);
    expect(read({ form: "decimal", length: 3 }, "202031").value).to.equal(undefined);
    expect(() => write({ form: "decimal", length: 2 }, 100)).to.throw(/3 bytes, over 2/);
  });

  it("reads packed digits that it wrote, leading zeros too", () => {
    const digits = fc.stringMatching(/^[0-9]{7}$/);
    fc.assert(
      fc.property(digits, fc.constantFrom("start", "end"), (value, pad_at) => {
        expect(roundTrip({ form: "bcd", digits: 7, pad_at }, value)).to.equal(value);
        expect(roundTrip({ form: "bcd", digits: 10, pad: "f", pad_at }, value)).to.equal(value);
      }),
    );
    expect(read({ form: "bcd", digits: 4 }, "12a4").value).to.equal(undefined);
    expect(() => write({ form: "bcd", digits: 4 }, "12345")).to.throw(/over 4/);
    expect(() => write({ form: "bcd", digits: 4 }, "12x4")).to.throw(/digits/);
  });
});
