import { expect } from "chai";
import fc from "fast-check";
import { glob } from "../../../../src/adapters/profile/rules/glob.js";

describe("profile rules: patterns", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["OK", ["OK"], ["", "O", "OKK", "ok"]],
    ["ERR*", ["ERR", "ERR 7"], ["ER", "xERR"]],
    ["*card*", ["card", "no card here"], ["car", ""]],
    ["E##", ["E42"], ["E4", "E4x", "E421"]],
    ["?", ["x"], ["", "xx"]],
    ["a*b*c", ["abc", "a-b-b-c", "abcbc"], ["ab", "acb"]],
    ["\\*", ["*"], ["x"]],
    ["*", ["", "anything"], []],
    ["", [""], ["x"]],
  ];
  for (const [pattern, fits, others] of cases) {
    it(`knows ${JSON.stringify(pattern)}`, () => {
      for (const text of fits) expect(glob(pattern)(text), text).to.equal(true);
      for (const text of others) expect(glob(pattern)(text), text).to.equal(false);
    });
  }

  it("agrees with the regular expression of the same meaning", () => {
    const pattern = fc.stringMatching(/^[ab1*?#]{0,8}$/);
    const text = fc.stringMatching(/^[ab1]{0,10}$/);
    fc.assert(
      fc.property(pattern, text, (source, candidate) => {
        const meaning = source.replace(/[*?#]/g, (sign) =>
          sign === "*" ? ".*" : sign === "?" ? "." : "[0-9]",
        );
        expect(glob(source)(candidate)).to.equal(new RegExp(`^${meaning}$`).test(candidate));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is not kept busy by any text", () => {
    // A matcher that goes back to every run would not come to an end.
    expect(glob(`${"*a".repeat(60)}*b`)("a".repeat(20_000))).to.equal(false);
  });
});
