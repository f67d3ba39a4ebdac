import { expect } from "chai";
import { HeldSlots } from "../../src/dispatch/held-slots.js";
import type { SessionSlot } from "../../src/store/dispatch-store.js";

/** The slots that a database says a process has; answers are lost when told. */
class Owned {
  slots: SessionSlot[] = [];
  losesAnswers = false;

  acquireSlots = async (
    _incarnation: string,
    provider: string,
    _version: number,
    connections: number,
  ) => {
    const taken = Array.from({ length: connections }, (_, slot) => ({ provider, slot, epoch: 1 }));
    this.slots.push(...taken);
    if (this.losesAnswers) throw new Error("the connection broke");
    return taken;
  };

  keepSlots = async (_incarnation: string, kept: readonly SessionSlot[]) => {
    this.slots = this.slots.filter((one) => kept.includes(one));
    if (this.losesAnswers) throw new Error("the connection broke");
  };
}

describe("the slots that a process holds", () => {
  it("are counted for the providers that are asked for, while they are in use", async () => {
    const held = new HeldSlots("instance-1", new Owned());
    const [first, second] = await held.acquire("alpha", 1, 2, 2);
    await held.acquire("beta", 1, 3, 3);
    const count = (...providers: string[]) => held.countOf(new Set(providers));
    expect([count("alpha"), count("beta"), count("alpha", "beta"), count()]).to.deep.equal([
      2, 3, 5, 0,
    ]);
    await held.release([first, second].flatMap((slot) => slot ?? []));
    expect(count("alpha", "beta")).to.equal(3);
  });

  it("are none of a taking whose answer was lost, which the next change frees", async () => {
    const owned = new Owned();
    const held = new HeldSlots("instance-1", owned);
    owned.losesAnswers = true;
    await held.acquire("alpha", 1, 2, 2).catch(() => undefined);
    expect(held.countOf(new Set(["alpha"]))).to.equal(0);
    expect(owned.slots).to.have.lengthOf(2);
    owned.losesAnswers = false;
    const kept = await held.acquire("beta", 1, 1, 1);
    await held.freeUnused();
    expect(owned.slots).to.deep.equal(kept);
  });
});
