import type {
  CaAdapter,
  CaCommand,
  CaSession,
  ConnectResult,
  Delivery,
  DroppedAnswer,
} from "../../../src/adapters/ca-adapter.js";
import { ManualClock } from "../../support/manual-clock.js";
import type { AdapterSubject, CaPeer, PeerSession } from "../ca-peer.js";

export const WINDOW = 4;
export const RESPONSE_TIMEOUT_MS = 2_000;
export const LIMITS = { window: WINDOW, responseTimeoutMs: RESPONSE_TIMEOUT_MS };

/** An adapter, the CA system that it talks to, and a clock that moves by hand. */
export class AdapterStage {
  readonly clock = new ManualClock();
  readonly late: { readonly transaction: number; readonly delivery: Delivery }[] = [];
  readonly dropped: DroppedAnswer[] = [];
  #maySend = true;
  readonly #subject: AdapterSubject;

  private constructor(
    subject: AdapterSubject,
    public peer: CaPeer,
    readonly adapter: CaAdapter,
  ) {
    this.#subject = subject;
  }

  static async set(subject: AdapterSubject): Promise<AdapterStage> {
    const peer = await subject.startPeer();
    const configured = subject.protocol.configure(subject.connection(peer, LIMITS));
    if ("faults" in configured) throw new Error(JSON.stringify(configured.faults));
    return new AdapterStage(subject, peer, configured.adapter);
  }

  /** Puts another peer in the place of one that was stopped. */
  async restart(): Promise<void> {
    this.peer = await this.#subject.startPeer();
  }

  /** From now on another process may have taken over; the result takes that back. */
  takenOver(): () => void {
    this.#maySend = false;
    return () => {
      this.#maySend = true;
    };
  }

  command(transaction: number): CaCommand {
    const [sample] = this.#subject.commands;
    if (sample === undefined) throw new Error("the subject has no command");
    return { ...sample, transaction };
  }

  connect(signal = new AbortController().signal): Promise<ConnectResult> {
    return this.adapter.connect({
      slot: 0,
      epoch: 1,
      clock: this.clock,
      signal,
      maySend: () => this.#maySend,
      onLateAnswer: (transaction, delivery) => this.late.push({ transaction, delivery }),
      onDroppedAnswer: (why) => this.dropped.push(why),
    });
  }

  async open(
    lastTransaction = 0,
  ): Promise<{ readonly session: CaSession; readonly remote: PeerSession }> {
    const [result, remote] = await Promise.all([this.connect(), this.peer.letIn(lastTransaction)]);
    if (result.kind !== "connected") throw new Error(result.text);
    return { session: result.session, remote };
  }
}

/** The stage of the test that runs; set anew for each of the surrounding suite. */
export type CurrentStage = Pick<
  AdapterStage,
  | "clock"
  | "late"
  | "dropped"
  | "peer"
  | "adapter"
  | "takenOver"
  | "restart"
  | "command"
  | "connect"
  | "open"
>;

export function setAdapterStage(subject: AdapterSubject): CurrentStage {
  let current: AdapterStage | undefined;
  const stage = (): AdapterStage => {
    if (current === undefined) throw new Error("no test runs");
    return current;
  };
  beforeEach(async () => {
    current = await AdapterStage.set(subject);
  });
  afterEach(() => stage().peer.stop());
  return {
    get clock() {
      return stage().clock;
    },
    get late() {
      return stage().late;
    },
    get dropped() {
      return stage().dropped;
    },
    get peer() {
      return stage().peer;
    },
    get adapter() {
      return stage().adapter;
    },
    takenOver: () => stage().takenOver(),
    restart: () => stage().restart(),
    command: (transaction) => stage().command(transaction),
    connect: (signal) => stage().connect(signal),
    open: (lastTransaction) => stage().open(lastTransaction),
  };
}
