/** What a figure must reach, and what it is hoped to. */
export interface Target {
  readonly line: number;
  readonly aim: number;
  /** Whether more of it is better. */
  readonly more: boolean;
}

const atLeast = (line: number, aim: number): Target => ({ line, aim, more: true });
const atMost = (line: number, aim: number): Target => ({ line, aim, more: false });

/** By the beginning of a figure's name; the longest that fits counts. */
const TARGETS: Readonly<Record<string, Target>> = {
  accept_ratio: atLeast(0.5, 0.75),
  accept_cpu_ratio: atLeast(0.45, 0.65),
  batch_accept_rate: atLeast(12_000, 30_000),
  dispatch_rate: atLeast(15_000, 25_000),
  blocked_slowdown: atLeast(0.9, 0.97),
  backlog_slowdown: atLeast(0.9, 0.97),
  dispatch_vs_graphile_worker: atLeast(1, 2),
  dispatch_vs_pg_boss: atLeast(1, 2),
  end_to_end_rate: atLeast(3000, 6000),
  immediate_overhead_p50_ms: atMost(5, 2.5),
  immediate_overhead_p99_ms: atMost(20, 8),
  create_to_ca_p50_ms: atMost(10, 4),
  express_p50_ms: atMost(200, 50),
  express_p99_ms: atMost(1000, 200),
  isolation_ratio: atLeast(0.9, 0.98),
  rss_mib_million_backlog: atMost(256, 160),
};

export function targetOf(figure: string): Target | undefined {
  const [longest] = Object.keys(TARGETS)
    .filter((name) => figure.startsWith(name))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : TARGETS[longest];
}

/** Where a value stands: at the aim, at the line, or below it. */
export function standing(value: number, { line, aim, more }: Target): "aim" | "line" | "BELOW" {
  const reaches = (goal: number) => (more ? value >= goal : value <= goal);
  if (reaches(aim)) return "aim";
  return reaches(line) ? "line" : "BELOW";
}
