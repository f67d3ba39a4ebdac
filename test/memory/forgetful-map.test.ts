import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { ForgetfulMap } from "../../src/memory/forgetful-map.js";

describe("a forgetful map", () => {
  const abc = () =>
    new ForgetfulMap<string, number>().set("a", 1).set("b", 2).set("c", 3).set("a", 4);

  it("holds what a map holds", () => {
    const map = abc();
    expect(map.size).to.equal(3);
    expect([map.get("a"), map.get("b"), map.get("d")]).to.deep.equal([4, 2, undefined]);
    expect([map.has("c"), map.has("d")]).to.deep.equal([true, false]);
  });

  it("goes through its entries in the order in which they came", () => {
    const map = abc();
    const entries = [
      ["a", 4],
      ["b", 2],
      ["c", 3],
    ];
    expect([...map]).to.deep.equal(entries);
    expect([...map.entries()]).to.deep.equal(entries);
    expect([...map.keys()]).to.deep.equal(["a", "b", "c"]);
    expect([...map.values()]).to.deep.equal([4, 2, 3]);
    const self = {};
    const visited: unknown[] = [];
    map.forEach(function (this: unknown, value, key, visiting) {
      expect([this === self, visiting === map]).to.deep.equal([true, true]);
      visited.push([key, value]);
    }, self);
    expect(visited).to.deep.equal(entries);
  });

  it("deletes, and says whether there was something to delete", () => {
    const map = abc();
    expect([map.delete("b"), map.delete("b"), map.delete("d")]).to.deep.equal([true, false, false]);
    expect([map.size, map.get("b"), map.has("b")]).to.deep.equal([2, undefined, false]);
    map.clear();
    expect([map.size, map.get("a")]).to.deep.equal([0, undefined]);
  });

  it("may be emptied by those it visits", () => {
    const map = abc();
    map.forEach((_value, key) => {
      map.delete(key);
    });
    expect(map.size).to.equal(0);
  });

  it("keeps nothing that was deleted from the collector of young objects", () => {
    const map = new ForgetfulMap<number, unknown>();
    for (let number = 0; number < LIVE; number += 1) map.set(number, value());
    collectYoung();
    collectYoung();
    const before = oldBytes();
    for (let number = LIVE; number < 200 * LIVE; number += 1) {
      map.delete(number - LIVE);
      map.set(number, value());
      if (number % (10 * LIVE) === 0) collectYoung();
    }
    collectYoung();
    collectYoung();
    // A Map keeps 14 to 18 of the 20 MB.
    expect(oldBytes() - before).to.be.below(4e6);
  });
});

const LIVE = 100;
const BYTES = 1000;
const value = () => new Array(BYTES / 8).fill(0);

function oldBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  if (old === undefined) throw new Error("V8 has no old space");
  return old.space_used_size;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: { type: "minor" }) => void;

/** What survives it twice is old. */
function collectYoung(): void {
  collect({ type: "minor" });
}
