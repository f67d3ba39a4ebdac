import type { Logger } from "pino";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { ProviderDispatcher } from "../dispatch/provider-dispatcher.js";
import type { CreateRequest, CreateWithPin } from "../requests/create-request.js";
import type { ProviderRules } from "../requests/provider-rules.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import { ServiceError } from "../requests/service-error.js";
import type { SubscriptionReset } from "../requests/subscription-reset.js";
import { SecretKeyError } from "../secrets/secret-key-error.js";
import { Coalescer, type Waiter } from "../store/coalescer.js";
import { isDataFault } from "../store/database-error.js";
import type { Acceptance, Accepted, RequestStore, ResetAccepted } from "../store/request-store.js";

/**
 * Creates in one transaction at most. Fewer would let the process prepare the next batch while the
 * database works on one, but what a transaction costs by itself weighs more: 256, 128 and 64 made
 * the rate of 512 callers 0.90, 0.77 and 0.57 of what it is on PostgreSQL, and the processor time
 * of a create 1.07, 1.17 and 1.30 times as much.
 */
const MAX_BATCH = 500;
/**
 * Creates of different calls are in no order until they are acknowledged, so two batches of them
 * may be under way where the database can write both. So many make the second one worth its
 * transaction: the rate of 512 callers on PostgreSQL was 1.12 times that of one batch after the
 * other; from 32 on 1.03, from 250 on 1.1. That of eight callers of 500 each: 1.14 and 1.42.
 */
const BESIDE_FROM = 128;
/**
 * Elsewhere a second batch goes out when it is full: it cannot grow while it waits, and is made
 * ready while the first is stored.
 */
const BESIDE_FROM_ONE_WRITER = MAX_BATCH;
/** Creates that may wait for their batch; one more is refused as OVERLOADED. */
const MAX_WAITING = 10_000;
/** The same of those that come many at a time: twenty of the largest calls. */
const MAX_WAITING_IN_BULK = 20_000;
/** Resets that may wait, each a transaction of its own. */
const MAX_WAITING_RESETS = 1000;

export interface AcceptorOptions {
  readonly store: RequestStore;
  readonly dispatcher: Pick<Dispatcher, "incarnation" | "all" | "work" | "workIn">;
  readonly rules: ProviderRules;
  readonly newId: () => string;
  /** Encrypts a PIN for the time it waits. */
  readonly seal: (pin: string) => string;
  /** Keyed hash of a create's body, PIN included. */
  readonly hashBody: (create: CreateRequest, pin: string | undefined) => string;
  /** The same of a reset; never that of a create. */
  readonly hashReset: (reset: SubscriptionReset) => string;
  readonly log: Logger;
}

/**
 * Where creates become durable: gathered into batches, stored, and only then acknowledged. What is
 * due goes on to the dispatcher at once; an immediate request whose lane is free is claimed in the
 * very transaction that stores it.
 *
 * Creates that come many in one call have a queue of their own, and keep their order: the calls of
 * people, one create each, do not wait behind thousands of them. So have resets, which are stored
 * one by one.
 */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #single: Coalescer<Acceptance, Accepted>;
  readonly #bulk: Coalescer<Acceptance, Accepted>;
  readonly #resets: Coalescer<SubscriptionReset, ResetAccepted>;

  constructor(options: AcceptorOptions) {
    this.#options = options;
    const besideFrom = options.store.sideBySide ? BESIDE_FROM : BESIDE_FROM_ONE_WRITER;
    const overloaded = () => ServiceError.of("OVERLOADED", {}, { retryAfterMs: 1000 });
    const queue = (maxWaiting: number, bulk: boolean) =>
      new Coalescer<Acceptance, Accepted>({
        write: (batch) => this.#write(batch, bulk),
        maxBatch: MAX_BATCH,
        maxWaiting,
        besideFrom,
        overloaded,
        isDataFault: isFaultOfOne,
      });
    this.#single = queue(MAX_WAITING, false);
    this.#bulk = queue(MAX_WAITING_IN_BULK, true);
    this.#resets = new Coalescer({
      write: (batch) => Promise.all(batch.map((reset) => this.#storeReset(reset))),
      maxBatch: 1,
      maxWaiting: MAX_WAITING_RESETS,
      besideFrom: options.store.sideBySide ? 1 : undefined,
      overloaded,
    });
  }

  /** Stores a create; resolves when it is on disk, or with what is wrong with it. */
  accept(create: CreateRequest, pin: string | undefined, waiter?: Waiter): Promise<Accepted> {
    return this.#single.submit(this.#acceptance({ create, pin }), waiter);
  }

  /**
   * Stores creates whose order is their order within each lane, in as few transactions as may be;
   * resolves when the last is on disk. Rejects when nothing could be stored; where only a part
   * could, the others have their failure for a result.
   */
  async acceptMany(
    creates: readonly CreateWithPin[],
    waiter?: Waiter,
  ): Promise<PromiseSettledResult<Accepted>[]> {
    const acceptances = creates.map((one) => this.#acceptance(one));
    const results = await this.#bulk.submitAll(acceptances, waiter);
    const failures = results.filter((result) => result.status === "rejected");
    const [first] = failures;
    if (first === undefined) return results;
    const outage = failures.find(({ reason }) => !isFaultOfOne(reason));
    const inVain = failures.length === results.length || waiter?.gone !== undefined;
    if (outage !== undefined && inVain) throw outage.reason;
    const err: unknown = (outage ?? first).reason;
    this.#options.log.error({ err, failed: failures.length }, "a part of a batch was not stored");
    return results;
  }

  /** Stores the requests of a reset, all or none; rejects with what is wrong with it. */
  reset(reset: SubscriptionReset, waiter?: Waiter): Promise<ResetAccepted> {
    return this.#resets.submit(reset, waiter);
  }

  /** Resolves when no create is on its way to disk. */
  async idle(): Promise<void> {
    await Promise.all([this.#single.idle(), this.#bulk.idle(), this.#resets.idle()]);
  }

  #acceptance({ create, pin }: CreateWithPin): Acceptance {
    const { newId, seal, hashBody } = this.#options;
    return {
      create,
      id: newId(),
      bodyHash: create.requestId === undefined ? undefined : hashBody(create, pin),
      sealedPin: pin === undefined ? undefined : seal(pin),
      pinDigits: pin?.length,
    };
  }

  async #write(batch: readonly Acceptance[], bulk: boolean): Promise<Accepted[]> {
    const { store, dispatcher, rules } = this.#options;
    const loans = this.#borrow(batch);
    let accepted: Accepted[] | undefined;
    try {
      const places = new Map(
        [...loans].map(([{ provider, claimTerms }, count]) => [provider, { ...claimTerms, count }]),
      );
      const { incarnation } = dispatcher;
      accepted = await store.accept(batch, { rules, claim: { incarnation, places }, bulk });
      return accepted;
    } finally {
      for (const [lender, count] of loans) {
        lender.repay(count, accepted && claimedAt(lender.provider, accepted));
      }
      for (const one of accepted ?? []) {
        if (one.kind === "stored" && one.claimed === undefined) this.#announce(one.request);
      }
    }
  }

  async #storeReset(reset: SubscriptionReset): Promise<ResetAccepted> {
    const { store, rules, newId, hashReset } = this.#options;
    const bodyHash = reset.requestId === undefined ? undefined : hashReset(reset);
    const accepted = await store.reset({ reset, bodyHash, newId }, rules);
    if (!accepted.replayed) for (const request of accepted.requests) this.#announce(request);
    return accepted;
  }

  /** Places for the immediate ones, at each provider that could send them now. */
  #borrow(batch: readonly Acceptance[]): Map<ProviderDispatcher, number> {
    const wanted = batch.filter(({ create }) => create.processImmediately).length;
    const loans = new Map<ProviderDispatcher, number>();
    if (wanted === 0) return loans;
    for (const lender of this.#options.dispatcher.all()) loans.set(lender, lender.lend(wanted));
    return loans;
  }

  /** What is stored and not claimed is work for the dispatcher, now or at its date. */
  #announce({ provider, waitingFor, scheduledDate, createdDate }: ProvisioningRequest): void {
    const { dispatcher } = this.#options;
    if (waitingFor !== "SCHEDULED_DATE") dispatcher.work(provider);
    else dispatcher.workIn(provider, scheduledDate - createdDate);
  }
}

/** True for a failure that others of the batch have no part in: PINs alone need the secret key. */
function isFaultOfOne(error: unknown): boolean {
  return isDataFault(error) || error instanceof SecretKeyError;
}

function claimedAt(provider: string, accepted: readonly Accepted[]) {
  return accepted.flatMap((one) =>
    one.kind === "stored" && one.claimed?.provider === provider ? [one.claimed] : [],
  );
}
