import type { Delivery } from "../ca-adapter.js";

/** One sending of one command, from the call of `send` to its outcome. */
export interface Exchange {
  readonly transaction: number;
  readonly frame: Buffer;
  /** Readable form of the frame. */
  readonly request: string;
  /** This session gave the same transaction up before: an answer may come before the bytes go. */
  readonly sentBefore: boolean;
  readonly settle: (delivery: Delivery) => void;
  /** When its bytes were given to the socket (monotonic); undefined before. */
  givenAt: number | undefined;
}
