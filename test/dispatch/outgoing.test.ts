import { expect } from "chai";
import { Outgoing } from "../../src/dispatch/wake-up/outgoing.js";
import type { Notice } from "../../src/dispatch/wake-up/wake-up.js";

describe("notices to be sent", () => {
  const run = (id: string): Notice => ({
    kind: "run",
    run: {
      id,
      definition: "default",
      definitionVersion: 1,
      trigger: "SCHEDULE",
      startDate: 1,
      fireDate: 1,
    },
  });

  it("say each ended request once", () => {
    const outgoing = new Outgoing();
    outgoing.add({ kind: "ended", numbers: [1, 2] });
    outgoing.add({ kind: "ended", numbers: [2, 3] });
    expect(outgoing.take()).to.deep.equal([{ kind: "ended", numbers: [1, 2, 3] }]);
    expect(outgoing.any).to.equal(false);
  });

  it("that wait for long stay few, and say that some were missed", () => {
    const outgoing = new Outgoing();
    for (let number = 0; number < 1_000_000; number += 1) {
      outgoing.add({ kind: "ended", numbers: [number] });
      outgoing.add(run(`run ${number}`));
    }
    const notices = outgoing.take();
    expect(notices.length).to.be.lessThan(20);
    expect(notices).to.deep.include({ kind: "missed" });
    expect(notices).to.deep.include(run("run 999999"));
  });

  it("that could not be sent are kept, and give way to newer ones", () => {
    const outgoing = new Outgoing();
    outgoing.add(run("old"));
    outgoing.add({ kind: "ended", numbers: [1] });
    const taken = outgoing.take();
    outgoing.add(run("new"));
    outgoing.putBack(taken);
    expect(outgoing.take()).to.deep.equal([run("new"), { kind: "ended", numbers: [1] }]);
  });
});
