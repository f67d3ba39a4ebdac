import { join } from "node:path";
import type { BareStepsApi } from "../children/bare-steps.js";
import type { EchoApi } from "../children/echo.js";
import type { Load, LoadApi } from "../children/load.js";
import type { Figure } from "../report/figure.js";
import { median, medians } from "../report/statistics.js";
import type { Row } from "../row.js";
import type { Bench } from "../support/bench.js";
import type { Child } from "../support/child.js";

const CALLS = 1000;
/** As before the calls that the figures are to be held against. */
const PAUSES = {
  immediate_floor_p50_ms: 0,
  immediate_idle_floor_p50_ms: 20,
};
/** About what a response says, a command says, and a commit of SQLite writes. */
const RESPONSE_BYTES = 400;
const COMMAND_BYTES = 64;
const COMMIT_BYTES = 12 * 4096;

const STEPS = ["echo", "trip", "commit"] as const;
type Steps = Record<(typeof STEPS)[number], number>;

/**
 * What an immediate call takes on this machine if the service itself takes nothing: an empty call, a
 * trip to the CA system and back, and two commits, one before the command leaves and one of its
 * outcome. To be held against `immediate_overhead` and `immediate_idle`: a line knows nothing of
 * the machine.
 */
export const immediateFloor: Row = {
  names: Object.keys(PAUSES),
  async *measure(bench) {
    for (const [name, pauseMs] of Object.entries(PAUSES)) yield await floor(bench, name, pauseMs);
  },
};

async function floor(bench: Bench, name: string, pauseMs: number): Promise<Figure> {
  const rounds = await bench.withChild<EchoApi, Steps[]>("echo", (echo) =>
    bench.withChild<LoadApi, Steps[]>("load", (load) =>
      bench.withChild<BareStepsApi, Steps[]>("bare-steps", (near) =>
        bench.withChild<BareStepsApi, Steps[]>("bare-steps", (far) =>
          measure(bench, { echo, load, near, far }, pauseMs),
        ),
      ),
    ),
  );
  const sums = rounds.map(({ echo, trip, commit }) => echo + trip + 2 * commit);
  const { echo, trip, commit } = medians(rounds, STEPS);
  return {
    name,
    value: median(sums),
    unit: "ms",
    rounds: sums,
    details: { echo_ms: round(echo), trip_ms: round(trip), commit_ms: round(commit) },
    marks: [],
  };
}

interface Ends {
  readonly echo: Child<EchoApi>;
  readonly load: Child<LoadApi>;
  readonly near: Child<BareStepsApi>;
  readonly far: Child<BareStepsApi>;
}

async function measure(
  bench: Bench,
  { echo, load, near, far }: Ends,
  pauseMs: number,
): Promise<Steps[]> {
  const count = bench.scaled(CALLS);
  const calls: Load["calls"] = { kind: "immediate", creates: 1 };
  const port = await echo.ask("start", await load.ask("path", calls), RESPONSE_BYTES);
  const tcp = await far.ask("listen");
  const file = join(bench.databases.folder, "commits");
  const rounds: Steps[] = [];
  for (let round = 0; round <= bench.rounds; round += 1) {
    const { timings } = await load.ask("run", {
      address: `127.0.0.1:${port}`,
      token: "none",
      calls,
      count,
      first: 0,
      cards: { from: 0, to: count },
      connections: 1,
      streams: 1,
      pauseMs,
    });
    const trips = await near.ask("trips", tcp, COMMAND_BYTES, count, pauseMs);
    const commits = await near.ask("commits", file, COMMIT_BYTES, count, pauseMs);
    // The first one warms up.
    if (round === 0) continue;
    rounds.push({
      echo: median(timings.map(({ sent, answered }) => answered - sent)),
      trip: median(trips),
      commit: median(commits),
    });
  }
  return rounds;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
