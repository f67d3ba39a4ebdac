import type { CommandType } from "../../../requests/command.js";
import type { Delivery } from "../../ca-adapter.js";
import type { Value } from "../fields/value.js";

/** One sending of one command, from the call of `send` to its outcome. */
export interface Exchange {
  readonly transaction: number;
  readonly type: CommandType;
  /** What its answer will be known by. */
  readonly correlation: Value;
  readonly frame: Buffer;
  /** Readable form of the frame. */
  readonly request: string;
  /** This session gave up what is known by the same before: an answer may come before the bytes go. */
  readonly sentBefore: boolean;
  readonly settle: (delivery: Delivery) => void;
  /** When its bytes were given to the socket (monotonic); undefined before. */
  givenAt: number | undefined;
}
