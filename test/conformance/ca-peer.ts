import type { CaCommand, CaProtocol } from "../../src/adapters/ca-adapter.js";

/** What a peer may be told to answer to a command. */
export type PeerAnswer =
  | { readonly kind: "accepted"; readonly reference: string }
  | { readonly kind: "rejected"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "busy"; readonly retryAfterMs: number }
  | { readonly kind: "transaction_used"; readonly text: string };

/** The CA system's end of one session. Signs of life are answered without being told. */
export interface PeerSession {
  /** The transaction of the next command that no test has taken yet. */
  command(): Promise<number>;
  /** How many commands have come, taken or not. */
  readonly arrived: number;
  answer(transaction: number, answer: PeerAnswer): void;
  /** Gives the bytes of an answer to the network one by one. */
  answerSlowly(transaction: number, answer: PeerAnswer): Promise<void>;
  /** Breaks the connection inside of an answer. */
  answerInPart(transaction: number, answer: PeerAnswer): void;
  /** Answers a command with what is nothing of the protocol. */
  garbage(transaction: number): void;
  /** Answers a command with more than the protocol allows. */
  overlong(transaction: number): void;
  /** Takes messages as `command` does, for a session that is sent none. */
  answerSignsOfLife(): void;
  /** Breaks the connection without a word. */
  cut(): void;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
}

/** A CA system of the protocol that does what a test tells it. */
export interface CaPeer {
  /** Lets the next session in. */
  letIn(lastTransaction: number): Promise<PeerSession>;
  /** Refuses the next session. */
  refuse(): Promise<void>;
  /** Takes the next connection and says nothing; resolves once the adapter asked for a session. */
  ignore(): Promise<void>;
  stop(): Promise<void>;
}

/** What a protocol may do without; what would need it is not asked of its adapter. */
export type Trait =
  /** It has something like a login: the CA system lets a session in, refuses it, or is silent. */
  | "login"
  /** An accepted command has a reference. */
  | "reference"
  /** Refusals have words of their own. */
  | "text"
  /** The CA system remembers transactions. */
  | "transactions";

/** What the suite must know of a protocol. */
export interface AdapterSubject {
  readonly protocol: CaProtocol;
  startPeer(): Promise<CaPeer>;
  /** Connection settings for that peer. */
  connection(
    peer: CaPeer,
    limits: { readonly window: number; readonly responseTimeoutMs: number },
  ): object;
  /** The CA system can answer what it was not asked. */
  readonly unsolicited: boolean;
  readonly lacks?: readonly Trait[];
  readonly goodCaId: string;
  readonly badCaId: string;
  /** One command of each kind that the adapter supports, transactions to be filled in. */
  readonly commands: readonly Omit<CaCommand, "transaction">[];
}
