import { expect } from "chai";
import { Settlements } from "../../src/dispatch/settlements.js";

/** As many calls as find room, of the providers in turn; how many wait for each. */
function fill(settlements: Settlements, providers: readonly string[]): number[] {
  const waiting = providers.map(() => 0);
  let number = 0;
  while (providers.some((provider) => settlements.hasRoom(provider))) {
    for (const [i, provider] of providers.entries()) {
      if (!settlements.hasRoom(provider)) continue;
      settlements.await(++number, provider, `card-${number}`);
      waiting[i] = (waiting[i] ?? 0) + 1;
    }
  }
  return waiting;
}

describe("the room for calls that wait", () => {
  it("is half full with those of one slow provider, and shared by several alike", () => {
    expect(fill(new Settlements(), ["a"])).to.deep.equal([1536]);
    expect(fill(new Settlements(), ["a", "b"])).to.deep.equal([1024, 1024]);
    expect(fill(new Settlements(), ["a", "b", "c", "d", "e"])).to.deep.equal(Array(5).fill(512));
  });

  it("is left for others, however long the first fills it", () => {
    const settlements = new Settlements();
    for (const slow of ["a", "b", "c", "d"]) fill(settlements, [slow]);
    expect(settlements.hasRoom("e")).to.equal(true);
  });

  it("is free again when a wait is over", () => {
    const settlements = new Settlements();
    const { cancel } = settlements.await(1, "a", "card-1");
    fill(settlements, ["a"]);
    cancel();
    expect(settlements.hasRoom("a")).to.equal(true);
  });
});
