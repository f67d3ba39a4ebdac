import { expect } from "chai";
import { Pump } from "../../src/dispatch/pump.js";

/** Lets everything happen that needs no input from outside. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A pump whose work ends when the test says so. */
function stage() {
  const works: { end(): void; fail(error: Error): void }[] = [];
  const failures: unknown[] = [];
  const pump = new Pump(
    () => new Promise((end, fail) => works.push({ end, fail })),
    (error) => failures.push(error),
  );
  return { pump, works, failures };
}

describe("Pump", () => {
  it("works once for all that is asked for in a turn, and once more for what comes meanwhile", async () => {
    const { pump, works } = stage();
    pump.ask();
    pump.ask();
    expect(works).to.have.lengthOf(0);
    await turn();
    expect([works.length, pump.askedMeanwhile]).to.deep.equal([1, false]);
    pump.ask();
    pump.ask();
    await turn();
    expect([works.length, pump.askedMeanwhile]).to.deep.equal([1, true]);
    works[0]?.end();
    await turn();
    works[1]?.end();
    await pump.idle();
    await turn();
    expect(works).to.have.lengthOf(2);
  });

  it("tells of a failure, and works again when it is asked", async () => {
    const { pump, works, failures } = stage();
    pump.ask();
    await turn();
    const failure = new Error("the database is gone");
    pump.ask();
    works[0]?.fail(failure);
    await pump.idle();
    await turn();
    expect([failures, works.length]).to.deep.equal([[failure], 1]);
    pump.ask();
    await turn();
    expect(works).to.have.lengthOf(2);
  });

  it("begins nothing that was cancelled", async () => {
    const { pump, works } = stage();
    pump.ask();
    pump.cancel();
    await turn();
    await pump.idle();
    expect(works).to.have.lengthOf(0);
  });
});
