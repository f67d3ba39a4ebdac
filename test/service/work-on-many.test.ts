import { expect } from "chai";
import pg from "pg";
import { type Clock, systemClock } from "../../src/requests/clock.js";
import { DATABASES } from "../support/stores.js";
import type { timestamp } from "../support/world/api.js";
import { eventually, inTime, present } from "../support/world/eventually.js";
import type { WorldOptions } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));

/** Long: what is late finds nobody to look for it within the test. */
const SETTINGS = { HEARTBEAT_MS: 10_000, LEASE_MS: 30_000 };
const WEEK_MS = 604_800_000;

/** Less than a call waits that nobody tells anything. */
const SOON_MS = 8000;

/** Leaves to the other instance what each does once a second, such as ending what has expired. */
const LEAVES_SWEEPS: Clock = {
  ...systemClock,
  setTimer: (ms, fire) => (ms === 1000 ? () => undefined : systemClock.setTimer(ms, fire)),
};

const msOf = (date: ReturnType<typeof timestamp>) => {
  const { seconds, nanos } = present(date);
  return Number(seconds) * 1000 + nanos / 1_000_000;
};

describe("work that one of two instances finds and the other has the session for", () => {
  const worlds = useWorlds(POSTGRES);

  /** The instance in this process has the only session. */
  async function two(options: WorldOptions = {}) {
    const world = await worlds.start({ settings: SETTINGS, ...options });
    const other = await world.spawn();
    const { api, ca, simulator } = world;
    return { world, api, ca, simulator, other: other.api };
  }

  it("is sent within a second of its date, though it was scheduled where no session is", async () => {
    const { api, other } = await two();
    for (const card of [0, 1, 2]) {
      const due = Date.now() + 1000;
      const { executedDate } = await api.ended(await other.create(card, { scheduled: due }));
      expect(msOf(executedDate) - due).to.be.below(1000);
    }
  });

  it("is told of when it is due soon, and not by the thousand for next week", async () => {
    const { world, api, other } = await two();
    const listener = new pg.Client({ connectionString: world.databaseUrl });
    const heard: string[] = [];
    listener.on("notification", ({ payload }) => {
      const { notice } = JSON.parse(payload ?? "{}") as { notice: { kind: string } };
      heard.push(notice.kind);
    });
    await listener.connect();
    try {
      await listener.query("LISTEN provisioning");
      for (let i = 0; i < 20; i += 1) await other.create(i, { scheduled: Date.now() + WEEK_MS });
      await api.ended(await other.create(20, { scheduled: Date.now() + 500 }));
      expect(heard).to.deep.equal(["work"]);
    } finally {
      await listener.end();
    }
  });

  it("is sent soon when the other has ended the request before it, which had expired", async () => {
    const { api, simulator, ca } = await two({ clock: LEAVES_SWEEPS });
    simulator.change({ busyRate: 1, busyRetryAfterMs: 600_000 });
    const first = await api.create(0, { expires: Date.now() + 500 });
    await ca.reaches(1, "busy");
    simulator.change({ busyRate: 0 });
    const sent = await api.ended(await api.create(0));
    const expired = await api.ended(first);
    expect(expired.errorCode).to.equal("EXPIRED");
    expect(msOf(sent.executedDate) - msOf(expired.updatedDate)).to.be.below(1000);
  });

  /** A call behind a command that is not answered yet, and what ends or puts off its request. */
  async function waiting(
    { api, ca, simulator, other }: Awaited<ReturnType<typeof two>>,
    meanwhile: () => Promise<unknown>,
    wanted: Parameters<typeof api.create>[1] = {},
  ) {
    simulator.change({ latencyMs: 600_000 });
    await api.create(0);
    await ca.reaches(1, "arrival");
    const call = api.create(0, { processImmediately: true, ...wanted });
    await eventually(
      "its request",
      () => other.all(),
      (all) => all.length === 2,
    );
    await meanwhile();
    return inTime("the answer to the call", call, SOON_MS);
  }

  it("is waited for no longer once it was cancelled at the other", async () => {
    const instances = await two();
    const { lifeCycleState } = await waiting(instances, () => instances.other.cancel(2n));
    expect(lifeCycleState).to.equal("LIFE_CYCLE_STATE_CANCELLED");
  });

  it("is waited for no longer once the other has ended it, since it had expired", async () => {
    const instances = await two({ clock: LEAVES_SWEEPS });
    const wanted = { expires: Date.now() + 3000 };
    const { errorCode } = await waiting(instances, async () => undefined, wanted);
    expect(errorCode).to.equal("EXPIRED");
  });
});
