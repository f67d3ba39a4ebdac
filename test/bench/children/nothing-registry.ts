import type { CaAdapter, CaCommand, CaSession } from "../../../src/adapters/ca-adapter.js";
import type { findProtocol as find } from "../../../src/adapters/registry.js";
import { NO_PORT } from "./ports.js";
import { referenceOf, wireTexts } from "./wire-texts.js";

/** What the do-nothing CA systems were given. */
class Sendings {
  count = 0;
  /** When the first session was there, and what processor time had been used by then. */
  connected: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined;
  /** Sendings of a card that came after one with a higher transaction number. */
  outOfOrder = 0;
  readonly #last = new Map<string, number>();

  add({ caId, transaction }: CaCommand): void {
    this.count += 1;
    if ((this.#last.get(caId) ?? 0) >= transaction) this.outOfOrder += 1;
    this.#last.set(caId, transaction);
  }
}

export const sendings = new Sendings();

/** CA systems that accept everything at once, without a wire; that of `NO_PORT` is down. */
export const findProtocol: typeof find = (name) => ({
  protocol: {
    name,
    secretSettings: new Set(),
    configure: (connection) => ({ adapter: adapterTo(connection as Connection) }),
  },
});

interface Connection {
  readonly port: number;
  readonly window: number;
}

function adapterTo({ port, window }: Connection): CaAdapter {
  return {
    connections: 1,
    window,
    tellsEpoch: false,
    commands: new Set(["REAUTHORISE_ALL_SERVICES"] as const),
    checkName: () => undefined,
    checkCommand: () => [],
    test: async () => ({ kind: "passed", text: "nothing to test" }),
    async connect() {
      if (port === NO_PORT) return { kind: "unavailable", text: "connection refused" };
      sendings.connected ??= { at: Date.now(), cpu: process.cpuUsage() };
      return { kind: "connected", session: newSession(window) };
    },
  };
}

function newSession(window: number): CaSession {
  let close: (reason: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    close = resolve;
  });
  return {
    window,
    lastTransaction: 0,
    retired: closed.then(() => undefined),
    closed,
    async send(command) {
      sendings.add(command);
      const { transaction } = command;
      const outcome = { kind: "accepted", reference: referenceOf(transaction) } as const;
      return { outcome, ...wireTexts(command) };
    },
    close: async () => close("closed"),
  };
}
