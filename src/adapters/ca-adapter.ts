import type { Clock } from "../requests/clock.js";
import type { Command, CommandType } from "../requests/command.js";
import type { CommandDraft, CommandFault } from "../requests/command-draft.js";
import type { Outcome } from "../requests/outcome.js";

/** One command as an adapter is asked to deliver it. */
export interface CaCommand {
  /** 1..2^32-1; the same whenever this request is sent again. */
  readonly transaction: number;
  /** The card, as its CA system knows it. */
  readonly caId: string;
  readonly subscriptionNumber: string;
  readonly command: Command;
  /** The PIN of a SET_USER_PARAMETERS that sets one. Never logged, never in wire text. */
  readonly pin?: string;
}

/** What became of one sending. */
export interface Delivery {
  readonly outcome: Outcome;
  /** Readable form of what was sent, PINs masked; absent when nothing was. */
  readonly request?: string;
  /** Readable form of the answer; absent without one. */
  readonly response?: string;
}

/**
 * One open session with a CA system: set up, kept alive and closed by its adapter. It ends once,
 * for whatever reason; a new one is opened by a new `connect`.
 */
export interface CaSession {
  /** How many commands may be under way on this session at once. */
  readonly window: number;
  /**
   * The highest command transaction that the CA system says it remembers from us, in serial-number
   * order; 0 for none.
   */
  readonly lastTransaction: number;
  /**
   * Sends a command and resolves with its outcome; never rejects. The caller keeps to the window;
   * one more is answered `unavailable` without a byte sent.
   */
  send(command: CaCommand): Promise<Delivery>;
  /**
   * Stops taking commands, answers those of which no byte has left `unavailable`, waits for the
   * answers to the others until `signal` aborts, closes the connection, and resolves once no socket
   * or timer is left.
   */
  close(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when the session takes no more commands: it has ended, is being closed, or awaits its
   * last answers before it ends by itself; never rejects.
   */
  readonly retired: Promise<void>;
  /** Resolves when the session has ended, with the reason in a sentence; never rejects. */
  readonly closed: Promise<string>;
}

/** What an adapter needs to open a session. */
export interface ConnectOptions {
  /** Which of the provider's connections this is, from 0. */
  readonly slot: number;
  /** Rises each time the slot moves to another process; the CA system may refuse a lower one. */
  readonly epoch: number;
  readonly clock: Clock;
  /** Gives up the attempt. */
  readonly signal: AbortSignal;
  /**
   * Asked right before the first byte of a command leaves: false once another process may have taken
   * over. The command is then answered `unavailable`, and nothing of it leaves.
   */
  readonly maySend: () => boolean;
  /**
   * An answer that came after its command had been given up as `unknown`; the request may still be
   * open, and then this is its answer.
   */
  readonly onLateAnswer: (transaction: number, delivery: Delivery) => void;
  /** Told of each answer that could not be used, for counting. */
  readonly onDroppedAnswer?: (why: DroppedAnswer) => void;
}

/** Nobody waits for the answer (again), or it lacks what would say what became of its command. */
export type DroppedAnswer = "UNEXPECTED" | "UNREADABLE";

/** What became of an attempt to open a session. */
export type ConnectResult<Session extends CaSession = CaSession> =
  | { readonly kind: "connected"; readonly session: Session }
  /** No session; `text` says why in a sentence that operators read. */
  | {
      readonly kind: "unavailable";
      readonly text: string;
      /** The CA system was reached, understood who asked, and refused. */
      readonly refused?: true;
    };

/** What an adapter needs to try a connection. */
export type TestOptions = Pick<ConnectOptions, "slot" | "epoch" | "clock" | "signal">;

/** What became of it, with a sentence that operators read. */
export interface TestResult {
  readonly kind: "passed" | "failed";
  readonly text: string;
  /** The CA system was reached, understood who asked, and refused. */
  readonly refused?: true;
}

/** What is a name of: the CA ids of a card, a box or a service, and subscriptions' numbers. */
export type CaNameKind = "SMARTCARD" | "SET_TOP_BOX" | "SERVICE" | "SUBSCRIPTION_NUMBER";

/** The code that speaks one protocol to one configured CA system. */
export interface CaAdapter {
  /**
   * How many sessions the CA system grants the provider as a whole. 0: it is not dialled, since a
   * third party fetches what waits for it.
   */
  readonly connections: number;
  /** Commands that may be under way per session; without sessions, in all. */
  readonly window: number;
  /**
   * The set-up of a session tells the CA system its slot and epoch, so that a lower epoch is refused
   * where a higher one would replace the session that runs.
   */
  readonly tellsEpoch: boolean;
  /** The commands that the protocol can say. */
  readonly commands: ReadonlySet<CommandType>;
  /**
   * Why the protocol cannot say such a name, in a phrase such as `must be 8 to 16 digits`; undefined
   * when it can.
   */
  checkName(kind: CaNameKind, name: string): string | undefined;
  /**
   * All that the protocol cannot say of a command, so that it is refused before it is stored and
   * not when it is to be sent. Empty when it can say all of it. Of types in `commands` only.
   */
  checkCommand(draft: CommandDraft): readonly CommandFault[];
  /** Opens a session. Never rejects. */
  connect(options: ConnectOptions): Promise<ConnectResult>;
  /**
   * Tries the connection: opens a session, asks for a sign of life, closes it. No command is sent.
   * The CA system may end another session of the same slot, so the caller holds the slot. Takes no
   * longer than the settings' times allow. Never rejects.
   */
  test(options: TestOptions): Promise<TestResult>;
}

/** One thing wrong with a provider's connection settings. */
export interface ConnectionFault {
  /** Path inside `connection`, such as `port`; empty for the whole. */
  readonly field: string;
  readonly description: string;
}

/** What the registry holds for each protocol name. */
export interface CaProtocol {
  /** The name in a provider's `protocol` setting. */
  readonly name: string;
  /** The members of `connection` that are secret: never shown, never logged. */
  readonly secretSettings: ReadonlySet<string>;
  /** Makes an adapter from a provider's connection settings, or says all that is wrong with them. */
  configure(
    connection: unknown,
  ): { readonly adapter: CaAdapter } | { readonly faults: readonly ConnectionFault[] };
}
