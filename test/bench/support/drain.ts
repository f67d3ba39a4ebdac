import { PROVIDER, type ProviderSetup, type Target } from "../children/configuration.js";
import type { DispatchApi, Drained } from "../children/dispatching.js";
import type { StockApi } from "../children/stock.js";
import type { Bench } from "./bench.js";
import { onCopy } from "./copies.js";
import type { Kind, Template } from "./databases.js";
import { progress } from "./progress.js";

/** Somebody listens there: the do-nothing CA system is up. */
const UP = 2;
export const CA_UP: ProviderSetup = { ...PROVIDER, port: UP };

/** Lets a service empty a copy of a template; requests per second. */
export function drainRate(
  bench: Bench,
  kind: Kind,
  template: Template,
  requests: number,
): Promise<number> {
  return onCopy(bench, kind, template, (target) => rateOf(bench, target, requests));
}

/** Lets a service empty a database; requests per second. */
export async function rateOf(
  bench: Bench,
  target: Target,
  requests: number,
  providers: readonly ProviderSetup[] = [CA_UP],
): Promise<number> {
  const { ms } = await drain(bench, target, requests, providers);
  return (requests * 1000) / ms;
}

/** The same, with all that was measured. */
export async function drain(
  bench: Bench,
  target: Target,
  requests: number,
  providers: readonly ProviderSetup[],
): Promise<Drained> {
  const setup = bench.databases.setup(target, providers);
  const drained = await bench.withChild<DispatchApi, Drained>("dispatch", (child) =>
    child.ask("drain", setup, requests),
  );
  const ended = await bench.withChild<StockApi, number>("stock", async (stock) => {
    const [row] = await stock.ask(
      "query",
      setup,
      `SELECT count(*) AS ended FROM outcomes o JOIN requests r ON r.number = o.number
       WHERE o.process_id <> '01900000-0000-7000-8000-000000000000'`,
    );
    return Number(row?.ended);
  });
  expectCount("requests ended in the database", ended, requests);
  expectCount("commands that the CA system got", drained.sendings, requests);
  expectCount("commands that came out of order", drained.outOfOrder, 0);
  const rate = (requests * 1000) / drained.ms;
  const cpu = ((drained.cpuSeconds * 1e6) / requests).toFixed(1);
  progress(`${target.kind}: ${requests} drained at ${rate.toFixed(0)}/s, ${cpu} us CPU each`);
  return drained;
}

/** A figure counts only when the far end saw what it should have seen. */
export function expectCount(what: string, counted: number, expected: number): void {
  if (counted !== expected) throw new Error(`${what}: ${counted}, expected ${expected}`);
}
