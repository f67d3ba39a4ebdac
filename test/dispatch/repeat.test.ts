import { expect } from "chai";
import pino from "pino";
import { Repeat } from "../../src/dispatch/repeat.js";
import { ManualClock } from "../support/manual-clock.js";
import type { LogLine } from "../support/rpc-server.js";
import { eventually } from "../support/world/eventually.js";

describe("a repeated task", () => {
  it("tells by its name when trouble begins or changes, and when it is over", async () => {
    const clock = new ManualClock();
    const lines: LogLine[] = [];
    const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
    const troubles = [
      undefined,
      "no room",
      "no room",
      "no network",
      undefined,
      undefined,
      "no room",
    ];
    let times = 0;
    const task = async () => {
      const trouble = troubles[times];
      times += 1;
      if (trouble !== undefined) throw new Error(trouble);
    };
    const repeat = new Repeat("sweep", { everyMs: 1000, task, clock, log });
    repeat.start();
    for (let done = 1; done <= troubles.length; done += 1) {
      clock.advance(1000);
      // The pause that follows is what shows that this time is over.
      await eventually(`time ${done}`, async () => times === done && clock.pending === 1, Boolean);
    }
    await repeat.stop();
    expect(lines.map(({ level, task, msg }) => [level, task, msg])).to.deep.equal([
      [40, "sweep", "a periodic task failed; it is tried again"],
      [40, "sweep", "a periodic task failed; it is tried again"],
      [30, "sweep", "a periodic task works again"],
      [40, "sweep", "a periodic task failed; it is tried again"],
    ]);
    expect(
      lines.map(({ err }) => (err as { message?: string } | undefined)?.message),
    ).to.deep.equal(["no room", "no network", undefined, "no room"]);
  });
});
