import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { ProviderDispatcher } from "../dispatch/provider-dispatcher.js";
import type { SupportedCommands } from "../requests/check-create.js";
import type { CreateRequest } from "../requests/create-request.js";
import { ServiceError } from "../requests/service-error.js";
import { Coalescer } from "../store/coalescer.js";
import { isDataFault } from "../store/database-error.js";
import type { Acceptance, Accepted, RequestStore } from "../store/request-store.js";

/** Creates in one transaction at most. */
const MAX_BATCH = 500;
/** Creates that may wait for their batch; one more is refused as OVERLOADED. */
const MAX_WAITING = 10_000;

export interface AcceptorOptions {
  readonly store: RequestStore;
  readonly dispatcher: Pick<Dispatcher, "incarnation" | "of" | "all">;
  readonly supported: SupportedCommands;
  readonly newId: () => string;
  /** Encrypts a PIN for the time it waits. */
  readonly seal: (pin: string) => string;
  /** Keyed hash of a create's body, PIN included. */
  readonly hashBody: (create: CreateRequest, pin: string | undefined) => string;
}

/**
 * Where creates become durable: gathered into batches, stored, and only then acknowledged. What is
 * due goes on to the dispatcher at once; an immediate request whose lane is free is claimed in the
 * very transaction that stores it.
 */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #coalescer: Coalescer<Acceptance, Accepted>;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#coalescer = new Coalescer({
      write: (batch) => this.#write(batch),
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      overloaded: () => ServiceError.of("OVERLOADED", {}, { retryAfterMs: 1000 }),
      // Equal request ids never share a batch: the second finds the first one stored.
      keyOf: ({ create }) =>
        create.requestId === undefined ? undefined : `${create.createdBy}\n${create.requestId}`,
      isDataFault,
    });
  }

  /** Stores a create; resolves when it is on disk, or with what is wrong with it. */
  accept(create: CreateRequest, pin: string | undefined, signal?: AbortSignal): Promise<Accepted> {
    const { newId, seal, hashBody } = this.#options;
    const acceptance: Acceptance = {
      create,
      id: newId(),
      bodyHash: create.requestId === undefined ? undefined : hashBody(create, pin),
      sealedPin: pin === undefined ? undefined : seal(pin),
    };
    return this.#coalescer.submit(acceptance, signal);
  }

  /** Resolves when no create is on its way to disk. */
  idle(): Promise<void> {
    return this.#coalescer.idle();
  }

  async #write(batch: readonly Acceptance[]): Promise<Accepted[]> {
    const { store, dispatcher, supported } = this.#options;
    const loans = this.#borrow(batch);
    let accepted: Accepted[] | undefined;
    try {
      const places = new Map([...loans].map(([{ provider }, count]) => [provider, count]));
      const { incarnation } = dispatcher;
      accepted = await store.accept(batch, { supported, claim: { incarnation, places } });
      return accepted;
    } finally {
      for (const [lender, count] of loans) {
        lender.repay(count, accepted && claimedAt(lender.provider, accepted));
      }
      for (const one of accepted ?? []) this.#announce(one);
    }
  }

  /** Places for the immediate ones, at each provider that could send them now. */
  #borrow(batch: readonly Acceptance[]): Map<ProviderDispatcher, number> {
    const wanted = batch.filter(({ create }) => create.processImmediately).length;
    const loans = new Map<ProviderDispatcher, number>();
    if (wanted === 0) return loans;
    for (const lender of this.#options.dispatcher.all()) loans.set(lender, lender.lend(wanted));
    return loans;
  }

  #announce(accepted: Accepted): void {
    if (accepted.kind !== "stored" || accepted.claimed !== undefined) return;
    const { provider, waitingFor, scheduledDate, createdDate } = accepted.request;
    const dispatcher = this.#options.dispatcher.of(provider);
    if (waitingFor === "SCHEDULED_DATE") dispatcher?.wakeIn(scheduledDate - createdDate);
    else dispatcher?.wake();
  }
}

function claimedAt(provider: string, accepted: readonly Accepted[]) {
  return accepted.flatMap((one) =>
    one.kind === "stored" && one.claimed?.provider === provider ? [one.claimed] : [],
  );
}
