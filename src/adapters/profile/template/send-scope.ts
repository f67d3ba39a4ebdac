import type { CaCommand } from "../../ca-adapter.js";
import type { Value } from "../fields/value.js";

/** What a provider's `connection` says for the keys that its profile adds. */
export type ProfileSettings = Readonly<Record<string, string | number>>;

/** What the templates of one session take their values from; one object for all of its messages. */
export interface SendScope {
  readonly settings: ProfileSettings;
  readonly slot: number;
  readonly epoch: number;
  /** What the CA system gave us at the login, for `{session.NAME}`. */
  kept: Readonly<Record<string, Value>>;
  /** When the message is made, in milliseconds since 1970. */
  now: number;
  /** What the answer will be known by. */
  correlation: Value;
  /** The value in hand while a list is written. */
  item?: Value | undefined;
  /** The command being sent; undefined in a message of the session itself. */
  command: CaCommand | undefined;
}
