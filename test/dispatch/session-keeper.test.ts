import { expect } from "chai";
import pino from "pino";
import type { CaAdapter, CaSession } from "../../src/adapters/ca-adapter.js";
import { SessionKeeper } from "../../src/dispatch/session-keeper.js";
import type { DispatchStore, SlotState } from "../../src/store/dispatch-store.js";
import { fakeAdapter } from "../config/fake-protocol.js";
import { ManualClock } from "../support/manual-clock.js";
import { eventually } from "../support/world/eventually.js";

/** A keeper of sessions that a test ends, with pauses as long as they may be. */
function keep(connect?: CaAdapter["connect"]) {
  const clock = new ManualClock();
  const ends: ((reason: string) => void)[] = [];
  const states: SlotState[] = [];
  const errors: (string | undefined)[] = [];
  const store = {
    raiseSequence: async () => undefined,
    reportSlot: async (_: string, __: object, state: SlotState, error: string | undefined) => {
      states.push(state);
      errors.push(error);
    },
  } as unknown as DispatchStore;
  const adapter = fakeAdapter({
    connect: async (options) => {
      if (connect !== undefined) return connect(options);
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
  const paused = () =>
    eventually(
      "a pause",
      async () => clock.pending,
      (timers) => timers === 1,
    );
  return { clock, ends, errors, keeper, paused, reached };
}

describe("session keeper", () => {
  it("waits longer each time when sessions end as soon as they are open", async () => {
    const { clock, ends, keeper, paused, reached } = keep();
    for (const [index, pause] of [200, 400, 800, 1_600].entries()) {
      await reached(index + 1, "OPEN");
      ends.at(-1)?.("turned away");
      await reached(index + 1, "CLOSED");
      await paused();
      clock.advance(pause - 1);
      expect(ends).to.have.length(index + 1);
      clock.advance(1);
    }
    await reached(5, "OPEN");
    clock.advance(1_000);
    ends.at(-1)?.("lost");
    await reached(5, "CLOSED");
    await paused();
    clock.advance(200);
    await reached(6, "OPEN");
    await keeper.stop(AbortSignal.abort());
    expect(clock.pending).to.equal(0);
  });

  it("tells of an adapter that fails, and tries again", async () => {
    let attempts = 0;
    const { clock, errors, keeper, paused, reached } = keep(async () => {
      attempts += 1;
      throw new Error("a fault of its own");
    });
    await reached(1, "CLOSED");
    expect(errors).to.deep.equal(["the adapter failed: Error: a fault of its own"]);
    await paused();
    clock.advance(200);
    await reached(2, "CLOSED");
    expect(attempts).to.equal(2);
    await keeper.stop(AbortSignal.abort());
  });
});
