import { expect } from "chai";
import pino from "pino";
import type { CaSession } from "../../src/adapters/ca-adapter.js";
import { SessionKeeper } from "../../src/dispatch/session-keeper.js";
import type { DispatchStore, SlotState } from "../../src/store/dispatch-store.js";
import { fakeAdapter } from "../config/fake-protocol.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually } from "../support/world/eventually.js";

/** A keeper of sessions that a test ends, with pauses as long as they may be. */
function keep() {
  const clock = new ManualClock();
  const ends: ((reason: string) => void)[] = [];
  const states: SlotState[] = [];
  const store = {
    raiseSequence: async () => undefined,
    reportSlot: async (_incarnation: string, _slot: object, state: SlotState) => {
      states.push(state);
    },
  } as unknown as DispatchStore;
  const adapter = fakeAdapter({
    connect: async () => {
      const closed = new Promise<string>((resolve) => ends.push(resolve));
      const session: CaSession = {
        window: 1,
        lastTransaction: 0,
        retired: closed.then(() => undefined),
        closed,
        send: async () => ({ outcome: { kind: "unavailable", text: "a fake" } }),
        close: async () => ends.at(-1)?.("closed"),
      };
      return { kind: "connected", session };
    },
  });
  const keeper = new SessionKeeper({
    incarnation: "i",
    slot: { provider: "p", slot: 0, epoch: 1 },
    adapter,
    store,
    clock,
    random: () => 1,
    log: pino({ level: "silent" }),
    onOpen: () => undefined,
    onDown: () => undefined,
    maySend: () => true,
    onLateAnswer: () => undefined,
  });
  keeper.start();
  const reached = (count: number, state: SlotState) =>
    eventually(
      `${count} times ${state}`,
      async () => states.filter((each) => each === state).length,
      (found) => found === count,
    );
  return { clock, ends, keeper, reached };
}

describe("session keeper", () => {
  it("waits longer each time when sessions end as soon as they are open", async () => {
    const { clock, ends, keeper, reached } = keep();
    for (const [index, pause] of [200, 400, 800, 1_600].entries()) {
      await reached(index + 1, "OPEN");
      ends.at(-1)?.("turned away");
      await reached(index + 1, "CLOSED");
      await eventually(
        "a pause",
        async () => clock.pending,
        (timers) => timers === 1,
      );
      clock.advance(pause - 1);
      expect(ends).to.have.length(index + 1);
      clock.advance(1);
    }
    await reached(5, "OPEN");
    clock.advance(1_000);
    ends.at(-1)?.("lost");
    await reached(5, "CLOSED");
    await eventually(
      "a pause",
      async () => clock.pending,
      (timers) => timers === 1,
    );
    clock.advance(200);
    await reached(6, "OPEN");
    await keeper.stop(AbortSignal.abort());
    expect(clock.pending).to.equal(0);
  });
});
