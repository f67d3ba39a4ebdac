import type { CaCommand, ConnectOptions } from "../../ca-adapter.js";
import type { ProfileSettings, SendScope } from "../template/send-scope.js";
import type { RequestLayout, WrittenRequest } from "./request-layout.js";

/** Writes the requests of one session. */
export class RequestWriter {
  readonly #scope: SendScope;
  readonly #clock: ConnectOptions["clock"];

  constructor(settings: ProfileSettings, { slot, epoch, clock }: ConnectOptions) {
    this.#clock = clock;
    const own = { kept: {}, now: 0, correlation: 0, command: undefined };
    this.#scope = { settings, slot, epoch, ...own };
  }

  /** Remembers what the login gave. */
  keep(values: SendScope["kept"]): void {
    this.#scope.kept = values;
  }

  /** Throws an `UnwritableValue`. */
  write(layout: RequestLayout, command?: CaCommand): WrittenRequest {
    this.#scope.command = command;
    this.#scope.now = this.#clock.now();
    return layout.write(this.#scope);
  }
}
