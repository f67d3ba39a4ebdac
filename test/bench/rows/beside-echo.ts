import { CLIENT_BOUND, type Figure } from "../report/figure.js";
import { medians } from "../report/statistics.js";

/** Above this share of a core the generator may be what limits. */
const BUSY = 0.9;

/** A service that creates, and a bare server that answers as many bytes. */
export const SIDES = ["service", "echo"] as const;
export type Side = (typeof SIDES)[number];

/** The rates of both in each round, and the largest share of a core that the generator took. */
export interface BesideEcho {
  readonly rates: readonly Record<Side, number>[];
  readonly busiest: number;
}

/** How fast the service is, with the echo for a measure. */
export function ratioToEcho(
  name: string,
  { rates, busiest }: BesideEcho,
  details: Figure["details"],
): Figure {
  const rate = medians(rates, SIDES);
  return {
    name,
    value: rate.service / rate.echo,
    unit: "x",
    rounds: rates.map((round) => round.service / round.echo),
    details: {
      creates_per_second: Math.round(rate.service),
      echoes_per_second: Math.round(rate.echo),
      generator_cores: busiest.toFixed(2),
      ...details,
    },
    marks: busiest > BUSY ? [CLIENT_BOUND] : [],
  };
}
