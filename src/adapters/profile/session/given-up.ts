import type { CommandType } from "../../../requests/command.js";
import type { Value } from "../fields/value.js";

/** The most commands remembered; the oldest is forgotten for one more. */
const CAPACITY = 10_000;

/** A command that was given up. */
export interface GivenUpCommand {
  readonly transaction: number;
  readonly type: CommandType;
  /** Its readable form. */
  readonly request: string;
}

/** The commands of a session that ended as unknown and may still be answered. */
export class GivenUp {
  readonly #commands = new Map<Value, GivenUpCommand>();

  has(correlation: Value): boolean {
    return this.#commands.has(correlation);
  }

  /** What kind of command is known by this; undefined for none. */
  typeOf(correlation: Value): CommandType | undefined {
    return this.#commands.get(correlation)?.type;
  }

  /** Remembers a command. */
  add(correlation: Value, command: GivenUpCommand): void {
    this.#commands.delete(correlation);
    if (this.#commands.size >= CAPACITY) {
      for (const oldest of this.#commands.keys()) {
        this.#commands.delete(oldest);
        break;
      }
    }
    this.#commands.set(correlation, command);
  }

  /** Forgets a command; what it was if it was remembered. */
  take(correlation: Value): GivenUpCommand | undefined {
    const command = this.#commands.get(correlation);
    if (command !== undefined) this.#commands.delete(correlation);
    return command;
  }
}
