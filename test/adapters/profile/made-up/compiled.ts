import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CaCommand } from "../../../../src/adapters/ca-adapter.js";
import { loadProfile } from "../../../../src/adapters/profile/load-profile.js";
import type { Received } from "../../../../src/adapters/profile/message/received.js";
import { Writer } from "../../../../src/adapters/profile/session/writer.js";
import type { StreamProtocol } from "../../../../src/adapters/profile/stream-protocol.js";
import { ManualClock } from "../../../support/manual-clock.js";

/** The text of a made-up profile. */
export function profileText(name: "ledger" | "semaphore"): string {
  return readFileSync(fileURLToPath(new URL(`${name}.yaml`, import.meta.url)), "utf8");
}

/** A profile made ready, and what it writes and reads. */
export class Compiled {
  readonly protocol: StreamProtocol;
  readonly #writer: Writer;

  constructor(text: string, settings: Readonly<Record<string, string | number>>) {
    const { value, faults } = loadProfile("made-up.yaml", text);
    if (value?.carrier !== "stream") throw new Error(JSON.stringify(faults));
    this.protocol = value.protocol;
    this.#writer = new Writer(settings, { slot: 0, epoch: 1, clock: new ManualClock() });
  }

  /** The bytes of a command, in hexadecimal, and its readable form. */
  command(command: CaCommand, correlation: string | number) {
    const layout = this.protocol.commands.get(command.command.type);
    if (layout === undefined) throw new Error(command.command.type);
    const { frame, request } = this.#writer.write(layout, correlation, command);
    return { hex: frame.toString("hex"), request };
  }

  /** The messages in these bytes. */
  read(bytes: Buffer): Received[] {
    const received: Received[] = [];
    this.protocol.newCutter().push(bytes, (chunk, start, end) => {
      received.push(this.protocol.read(chunk, start, end));
      return true;
    });
    return received;
  }
}
