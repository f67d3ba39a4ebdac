import { expect } from "chai";
import pino from "pino";
import type { CaAdapter, TestResult } from "../../src/adapters/ca-adapter.js";
import { ConnectionTest } from "../../src/dispatch/connection-test.js";
import type { HeldSlots } from "../../src/dispatch/held-slots.js";
import type { Provider } from "../../src/providers/provider.js";
import type { LiveSlot } from "../../src/providers/provider-live-state.js";
import { ManualClock } from "../support/manual-clock.js";

const SLOT: LiveSlot = {
  slot: 0,
  state: "DISCONNECTED",
  holder: "instance-1",
  holderDescription: "process 4711",
  epoch: 3,
  sinceDate: 1_700_000_000_000,
  lastError: undefined,
  answersPerSecond: undefined,
};
const BROKEN: TestResult = { kind: "failed", text: "the connection was closed" };

/** A provider whose only slot is held; how that stands at each look, the last one for good. */
function stage(...states: LiveSlot["state"][]) {
  const clock = new ManualClock();
  const adapter = { connections: 1, tellsEpoch: true, test: async () => BROKEN };
  const run = new ConnectionTest({
    slots: () => ({ acquire: async () => [] }) as unknown as HeldSlots,
    liveSlots: async () => {
      const state = (states.length > 1 ? states.shift() : states[0]) ?? "FREE";
      return [{ ...SLOT, state }];
    },
    clock,
    log: pino({ level: "silent" }),
    onSlotFreed: () => undefined,
  }).run(
    {
      provider: { name: "ca", version: 1 } as Provider,
      changed: false,
      adapter: adapter as unknown as CaAdapter,
    },
    10_000,
    new AbortController().signal,
  );
  return { clock, run };
}

/** Moves the clock on as soon as somebody waits for it. */
async function passed(clock: ManualClock): Promise<void> {
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(500);
}

describe("ConnectionTest", () => {
  it("answers with the session that came back and took the tried one's place", async () => {
    const { run } = stage("DISCONNECTED", "CONNECTED");
    const { outcome, description } = await run;
    expect(outcome).to.equal("CONNECTED");
    expect(description).to.contain("with epoch 3, by process 4711").and.to.contain("came back");
  });

  it("waits a moment until that one says so", async () => {
    const { clock, run } = stage("DISCONNECTED", "DISCONNECTED", "CONNECTED");
    await passed(clock);
    expect((await run).outcome).to.equal("CONNECTED");
  });

  it("has failed when no session of the provider comes back", async () => {
    const { clock, run } = stage("DISCONNECTED");
    await passed(clock);
    const { outcome, description } = await run;
    expect({ outcome, description }).to.deep.equal({
      outcome: "FAILED",
      description: "No session: the connection was closed.",
    });
  });
});
