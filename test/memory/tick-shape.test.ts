import { executionAsyncResource } from "node:async_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { keptTick } from "../../src/memory/tick-shape.js";

describe("tick-shape", () => {
  it("keeps the shape of ticks over full collections", async () => {
    const collect = exposed<() => void>("--expose-gc", "gc");
    const haveSameShape = exposed<(a: object, b: object) => boolean>(
      "--allow-natives-syntax",
      "(a, b) => %HaveSameMap(a, b)",
    );
    for (let i = 0; i < 5; i += 1) collect();
    const later = await new Promise<object>((resolve) => {
      process.nextTick(() => resolve(executionAsyncResource()));
    });
    expect(keptTick).to.have.length(1);
    expect(haveSameShape(keptTick[0] ?? {}, later)).to.equal(true);
    expect(haveSameShape({}, later)).to.equal(false);
  });
});

/** Something of V8's that a flag makes scripts know. */
function exposed<T>(flag: string, script: string): T {
  setFlagsFromString(flag);
  return runInNewContext(script) as T;
}
