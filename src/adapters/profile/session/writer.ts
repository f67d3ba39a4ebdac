import type { Clock } from "../../../requests/clock.js";
import type { CaCommand, ConnectOptions } from "../../ca-adapter.js";
import { Output } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { SendLayout } from "../message/send-layout.js";
import type { ProfileSettings, SendScope } from "../template/send-scope.js";

/** A message of ours, ready to go. */
export interface WrittenMessage {
  readonly frame: Buffer;
  /** Readable form of the frame. */
  readonly request: string;
}

/** Writes the messages of one session. All of them go through one piece of memory. */
export class Writer {
  readonly #out = new Output();
  readonly #scope: SendScope;

  readonly #clock: Clock;

  constructor(
    settings: ProfileSettings,
    { slot, epoch, clock }: Pick<ConnectOptions, "slot" | "epoch" | "clock">,
  ) {
    this.#clock = clock;
    const own = { kept: {}, now: 0, correlation: 0, command: undefined };
    this.#scope = { settings, slot, epoch, ...own };
  }

  /** Remembers what the login gave. */
  keep(values: SendScope["kept"]): void {
    this.#scope.kept = values;
  }

  /** A message of the session itself, or why it cannot be written. */
  writeOwn(layout: SendLayout, correlation: Value): WrittenMessage | { readonly fault: string } {
    try {
      return this.write(layout, correlation);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { fault: `${layout.name} cannot be written: ${why}` };
    }
  }

  /** Throws an `UnwritableValue`. */
  write(layout: SendLayout, correlation: Value, command?: CaCommand): WrittenMessage {
    this.#scope.correlation = correlation;
    this.#scope.command = command;
    this.#scope.now = this.#clock.now();
    layout.encode(this.#scope, this.#out);
    return { frame: this.#out.copy(), request: this.#out.text };
  }
}
