import { expect } from "chai";
import { Progress } from "../../src/import/progress.js";
import { ManualClock } from "../support/manual-clock.js";

const COUNTS = { lines: 2000, created: 2000, updated: 0, unchanged: 0, rejected: 0 };

function shown(isTTY: boolean) {
  const clock = new ManualClock();
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const output = { write, isTTY, columns: 100 };
  const progress = new Progress(output, clock, 1000);
  const taken = () => {
    const all = text;
    text = "";
    return all;
  };
  return { clock, progress, taken };
}

describe("Progress", () => {
  it("draws a bar with rate and time left on a terminal, and takes it off at the end", () => {
    const { clock, progress, taken } = shown(true);
    progress.update(COUNTS, 250);
    expect(taken()).to.equal("");
    clock.advance(2000);
    progress.update({ ...COUNTS, rejected: 3 }, 250);
    expect(taken()).to.equal(
      "\r\u001b[K[########----------------------] 25 %, 2000 lines, 3 rejected, 1000/s, 00:06 left",
    );
    progress.end();
    expect(taken()).to.equal("\r\u001b[K");
  });

  it("writes a line now and then elsewhere", () => {
    const { clock, progress, taken } = shown(false);
    clock.advance(9000);
    progress.update(COUNTS, 1);
    expect(taken()).to.equal("");
    clock.advance(1000);
    progress.update(COUNTS, 1);
    expect(taken()).to.equal("0 %, 2000 lines, 200/s, 2:46:30 left\n");
    progress.end();
    expect(taken()).to.equal("");
  });
});
