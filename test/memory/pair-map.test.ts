import { expect } from "chai";
import { PairMap } from "../../src/memory/pair-map.js";

describe("a map by two texts", () => {
  it("tells pairs apart whose texts are the same one after the other", () => {
    const map = new PairMap<number>();
    map.set("a", "bc", 1);
    map.set("ab", "c", 2);
    map.set("ab", "d", 3);
    map.set("ab", "c", 4);
    expect(map.get("a", "bc")).to.equal(1);
    expect(map.get("ab", "c")).to.equal(4);
    expect(map.get("ab", "d")).to.equal(3);
    expect(map.get("a", "c")).to.equal(undefined);
    expect(map.get("abc", "")).to.equal(undefined);
  });
});
