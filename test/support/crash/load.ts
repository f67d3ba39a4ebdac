import { randomUUID } from "node:crypto";
import {
  ProvisioningRequest_Priority as Priority,
  type ProvisioningRequest,
} from "../../../src/gen/provisioning/v1/provisioning_request.js";
import type { BatchCreateProvisioningRequestsRequest_Item as Item } from "../../../src/gen/provisioning/v1/provisioning_service.js";
import { seededRandom } from "../../../src/simulator/random.js";
import { itemOf, reauthoriseItem, seconds } from "../provisioning-calls.js";
import type { Api, Wanted } from "../world/api.js";
import { inTime, present } from "../world/eventually.js";

/** One create that the load wanted, and its acknowledgement. */
export interface Order {
  readonly item: Item;
  readonly caId: string;
  readonly number: bigint;
  /** On a clock that counts submissions and acknowledgements. */
  readonly submitted: number;
  readonly acknowledged: number;
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
  readonly dueAt: number;
}

export interface LoadOptions {
  /** The service as it is now: it may be another process from call to call. */
  readonly api: () => Api;
  readonly seed: number;
  /** Few, so that lanes are long. */
  readonly cards: number;
  readonly callers: number;
  /** Commands of several kinds, at-most-once ones among them; by default re-authorisations only. */
  readonly mixed?: boolean;
  /** After so many milliseconds a caller gives an attempt up; five seconds by default. */
  readonly deadlineMs?: number;
  /** Resolves when there is room for one more create; at once by default. */
  readonly room?: () => Promise<void>;
}

/** Between two attempts of one create while the service is down. */
const RETRY_MS = 20;

/**
 * Callers that create requests one after the other, of all kinds, and repeat a create under its
 * request_id until it is acknowledged: what a client does that must not lose or double anything.
 */
export class Load {
  readonly orders: Order[] = [];
  /** Why attempts failed, each of which was repeated. */
  readonly failures: string[] = [];
  readonly #options: LoadOptions;
  readonly #random: () => number;
  /** Of its own, so that the rest of a seed means the same with and without a mix. */
  readonly #kinds: () => number;
  readonly #watchers = new Set<() => void>();
  readonly #callers: Promise<void>[] = [];
  #tick = 0;
  #stopping = false;
  #abandoned = false;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#kinds = seededRandom(options.seed + 1_000_000_000);
  }

  start(): void {
    for (let i = 0; i < this.#options.callers; i += 1) {
      const caller = this.#call();
      // What became of it is asked for in `stop`.
      caller.catch(() => undefined);
      this.#callers.push(caller);
    }
  }

  /** Resolves once every create that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await inTime("the acknowledgements of the load", Promise.all(this.#callers), 30_000);
  }

  /** Gives up, whatever was begun. */
  abandon(): void {
    this.#stopping = true;
    this.#abandoned = true;
  }

  /** Calls `act` at the acknowledgement of the `count`-th order from now. */
  atNext(count: number, act: () => void): void {
    const goal = this.orders.length + count;
    const look = () => {
      if (this.orders.length < goal || !this.#watchers.delete(look)) return;
      act();
    };
    this.#watchers.add(look);
  }

  async #call(): Promise<void> {
    for (;;) {
      await this.#options.room?.();
      if (this.#stopping) return;
      const item = this.#item(Math.floor(this.#random() * this.#options.cards));
      this.#tick += 1;
      const submitted = this.#tick;
      const submittedAt = Date.now();
      const request = await this.#untilAcknowledged(item);
      this.#tick += 1;
      const { seconds, nanos } = present(request.scheduledDate);
      this.orders.push({
        item,
        caId: present(request.smartcard).caId,
        number: request.number,
        submitted,
        submittedAt,
        acknowledged: this.#tick,
        dueAt: Number(seconds) * 1000 + nanos / 1_000_000,
      });
      for (const look of this.#watchers) look();
    }
  }

  async #untilAcknowledged(item: Item): Promise<ProvisioningRequest> {
    while (!this.#abandoned) {
      try {
        const { api, deadlineMs = 5000 } = this.#options;
        const answer = await api().sendItem(item, { deadlineMs });
        return present(answer.provisioningRequest);
      } catch (error) {
        this.failures.push(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    throw new Error("the load was abandoned");
  }

  /** Mostly re-authorisations; some rights, and some messages, which must not be sent twice. */
  #item(card: number): Item {
    const wanted = this.#wanted();
    const dice = this.#options.mixed === true ? this.#kinds() : 0;
    if (dice < 0.7) return reauthoriseItem(card, wanted);
    if (dice < 0.8) {
      const rights = { services: ["SPORT", "NEWS"], startDate: undefined, endDate: undefined };
      return itemOf("authoriseServices", card, rights, wanted);
    }
    const text = `message ${this.#tick}`;
    const message = { text, duration: seconds(5), repeatInterval: undefined };
    return itemOf("sendOnScreenMessage", card, message, wanted);
  }

  /** Mostly due now; some EXPRESS, some immediate, some a moment ahead. */
  #wanted(): Wanted {
    const requestId = randomUUID();
    const dice = this.#random();
    if (dice < 0.7) return { requestId };
    if (dice < 0.8) return { requestId, priority: Priority.PRIORITY_EXPRESS };
    if (dice < 0.9) return { requestId, processImmediately: true };
    return { requestId, scheduled: Date.now() + 100 };
  }
}
