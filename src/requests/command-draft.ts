import type { Command } from "./command.js";

/** A command as it would be sent: for a look at whether it can be. */
export interface CommandDraft {
  /** The card, as its CA system knows it. */
  readonly caId: string;
  readonly subscriptionNumber: string;
  readonly command: Command;
  /** How many digits the PIN has that goes with it; the PIN itself is not needed for the look. */
  readonly pinDigits: number | undefined;
}

/** What callers give, of which a protocol may not be able to say every value. */
export type GivenPart =
  | "text"
  | "duration"
  | "repeat_interval"
  | "services"
  | "start"
  | "end"
  | "pin";

/** What the inventory gives. */
export type InventoryPart = "smartcard" | "set_top_box" | "subscription_number";

/** What a protocol cannot say of a command; `whole`: the command as it is, such as its length. */
export interface CommandFault {
  readonly part: GivenPart | InventoryPart | "whole";
  /** A phrase such as `has 600 bytes, over 512`; never quotes the value. */
  readonly description: string;
}
