import type { Clock } from "../../../requests/clock.js";
import type { HttpProtocol } from "../http-protocol.js";
import { readableForm } from "../message/received.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { HttpLine } from "./http-line.js";
import { tryReach } from "./reachable.js";
import type { RequestWriter } from "./request-writer.js";
import { TimedRequest } from "./timed-request.js";

interface SignOfLifeTools {
  readonly protocol: HttpProtocol;
  readonly settings: ConnectionSettings;
  readonly clock: Clock;
  readonly line: HttpLine;
  readonly writer: RequestWriter;
}

/**
 * Asks whether the CA system is still there: with the profile's keep-alive request, or, where it
 * has none, by connecting. One at a time.
 */
export class SignOfLife {
  readonly #tools: SignOfLifeTools;
  readonly #told: (fault: string | undefined) => void;
  readonly #waiting: ((fault: string | undefined) => void)[] = [];
  #stop: (() => void) | undefined;

  /** `told` is called with the end of each asking: why it found no life, or undefined. */
  constructor(tools: SignOfLifeTools, told: (fault: string | undefined) => void) {
    this.#tools = tools;
    this.#told = told;
  }

  get pending(): boolean {
    return this.#stop !== undefined;
  }

  ask(): void {
    if (this.#stop !== undefined) return;
    const { protocol, settings, clock, line, writer } = this.#tools;
    const { keepAlive } = protocol;
    const end = (fault: string | undefined) => {
      this.#stop = undefined;
      this.#told(fault);
      for (const tell of this.#waiting.splice(0)) tell(fault);
    };
    try {
      if (keepAlive === undefined) {
        this.#stop = tryReach(settings, clock, end);
        return;
      }
      const { request, isAlive } = keepAlive;
      const timed = new TimedRequest(line, clock, settings, writer.write(request), {
        answered: (answer) => {
          const received = protocol.read(request, answer);
          end(isAlive(received) ? undefined : `the CA system answered ${readableForm(received)}`);
        },
        failed: (reason) => end(`${request.name}: ${reason}`),
      });
      this.#stop = () => timed.drop();
    } catch (error) {
      end(String(error));
    }
  }

  /** Asks unless it is being asked; resolves with the end of that: why there is no life, or undefined. */
  asked(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.ask();
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}
