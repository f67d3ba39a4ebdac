import type {
  CaAdapter,
  CaCommand,
  CaSession,
  ConnectResult,
  Delivery,
} from "../../src/adapters/ca-adapter.js";
import type { Command } from "../../src/requests/command.js";

/** What a command was answered; `nothing`: its sender died first. */
export type Answer = "accepted" | "busy" | "used" | "failed" | "unknown" | "nothing";

/** One command that reached the CA system. */
export interface Arrival {
  /** The number of its request, which the test writes into the command. */
  readonly request: number;
  readonly caId: string;
  readonly transaction: number;
  readonly answer: Answer;
  readonly effect: boolean;
}

/** The CA system as one process sees it: `die` ends that process. */
export interface Caller {
  readonly alive: () => boolean;
  readonly die: () => void;
}

const WINDOW = 4;

/**
 * A CA system that remembers no transaction, so that each arrival may have its effect, and that
 * answers by chance in every way there is.
 */
export class ForgetfulCa {
  readonly arrivals: Arrival[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** The adapter of one process. */
  adapterFor(caller: Caller): CaAdapter {
    return {
      connections: 1,
      window: WINDOW,
      tellsEpoch: false,
      commands: new Set(["REAUTHORISE_ALL_SERVICES"] as const),
      checkName: () => undefined,
      checkCommand: () => [],
      test: async () => ({ kind: "passed", text: "it is there" }),
      connect: async (): Promise<ConnectResult> => ({
        kind: "connected",
        session: this.#session(caller),
      }),
    };
  }

  #session(caller: Caller): CaSession {
    let end: (reason: string) => void = () => undefined;
    const closed = new Promise<string>((resolve) => {
      end = resolve;
    });
    return {
      window: WINDOW,
      lastTransaction: 0,
      retired: closed.then(() => undefined),
      closed,
      send: async (command) => {
        // It takes a moment, so that several are under way at once.
        await new Promise((resolve) => setImmediate(resolve));
        if (!caller.alive()) return await new Promise<never>(() => undefined);
        return await this.#answer(command, caller, end);
      },
      close: async () => end("closed"),
    };
  }

  #answer(command: CaCommand, caller: Caller, end: (reason: string) => void): Promise<Delivery> {
    const dice = this.#random();
    const effect = this.#random() < 0.5;
    const arrived = (answer: Answer, hasEffect: boolean) =>
      this.arrivals.push({
        request: (command.command as Command & { readonly request: number }).request,
        caId: command.caId,
        transaction: command.transaction,
        answer,
        effect: hasEffect,
      });
    const answered = (outcome: Delivery["outcome"]) => Promise.resolve({ outcome });
    if (dice < 0.5) {
      arrived("accepted", true);
      return answered({ kind: "accepted", reference: `R-${command.transaction}` });
    }
    if (dice < 0.64) {
      arrived("busy", false);
      return answered({ kind: "busy", retryAfterMs: 1 });
    }
    if (dice < 0.74) {
      arrived("used", false);
      return answered({ kind: "transaction_used", text: "used" });
    }
    if (dice < 0.78) {
      arrived("failed", false);
      return answered({ kind: "failed", code: "101", text: "try again" });
    }
    if (dice < 0.84) {
      arrived("unknown", effect);
      return answered({ kind: "unknown", text: "no answer" });
    }
    if (dice < 0.9) return answered({ kind: "unavailable", text: "no byte left" });
    if (dice < 0.95) {
      arrived("unknown", effect);
      end("the connection broke");
      return answered({ kind: "unknown", text: "the connection broke" });
    }
    arrived("nothing", effect);
    caller.die();
    return new Promise<never>(() => undefined);
  }
}
