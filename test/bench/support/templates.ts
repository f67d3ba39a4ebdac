import { PROVIDER, type ProviderSetup, type Target } from "../children/configuration.js";
import type { Cards, StockApi } from "../children/stock.js";
import type { Bench } from "./bench.js";
import type { Child } from "./child.js";
import type { Template } from "./databases.js";

/** Cards of the one provider that most rows have. */
export const cards = (from: number, to: number, provider = PROVIDER.name): Cards => ({
  provider,
  from,
  to,
});

const described = ({ provider, from, to }: Cards) => `cards ${from} to ${to} of ${provider}`;

function stocked(
  bench: Bench,
  name: string,
  base: Template | undefined,
  fill: (stock: Child<StockApi>, setup: ReturnType<Bench["databases"]["setup"]>) => Promise<void>,
  providers: readonly ProviderSetup[] = [PROVIDER],
): Template {
  return {
    name: base === undefined ? name : `${base.name}, ${name}`,
    ...(base && { base }),
    build: (target: Target) =>
      bench.withChild<StockApi, void>("stock", (stock) =>
        fill(stock, bench.databases.setup(target, providers)),
      ),
  };
}

/** Only an inventory. */
export function inventory(
  bench: Bench,
  whose: readonly Cards[],
  providers: readonly ProviderSetup[] = [PROVIDER],
): Template {
  const name = whose
    .map(({ provider, from, to }) => `${to - from} cards of ${provider}`)
    .join(", ");
  return stocked(
    bench,
    name,
    undefined,
    async (stock, setup) => {
      for (const part of whose) await stock.ask("inventory", setup, part);
    },
    providers,
  );
}

export function withHistory(bench: Bench, base: Template, whose: Cards, rows: number): Template {
  return stocked(bench, `${rows} finished`, base, (stock, setup) =>
    stock.ask("history", setup, whose, rows),
  );
}

/** Adds requests that are due, dealt to the cards in turn. */
export function withPending(
  bench: Bench,
  base: Template,
  whose: Cards,
  requests: number,
  providers: readonly ProviderSetup[] = [PROVIDER],
): Template {
  const name = `${requests} pending on ${described(whose)}`;
  return stocked(
    bench,
    name,
    base,
    (stock, setup) => stock.ask("pending", setup, whose, requests),
    providers,
  );
}

/** Adds requests that wait behind heads that back off. */
export function withBlocked(
  bench: Bench,
  base: Template,
  whose: Cards,
  requests: number,
): Template {
  return stocked(
    bench,
    `${requests} behind blocked ${described(whose)}`,
    base,
    async (stock, setup) => {
      await stock.ask("pending", setup, whose, requests);
      await stock.ask("block", setup, whose);
    },
  );
}
