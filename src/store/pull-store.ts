import type { Outcome } from "../requests/outcome.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import type { Fault } from "../requests/service-error.js";
import type { ClaimedHead, HeadResult, Pace } from "./dispatch-store.js";
import type { RequestIdentifier } from "./request-store.js";

export interface LeaseOptions {
  readonly provider: string;
  /** What owns the lanes from now on: new, and never given twice. */
  readonly lease: string;
  readonly leaseMs: number;
  /** Heads at most. */
  readonly limit: number;
  /** Heads that may be handed out at the provider at once, over all leases. */
  readonly maxInFlight: number;
  /** Undefined: no rate limit. */
  readonly pace: Pace | undefined;
}

/** A head that was handed out: as it was claimed, and as callers see its request. */
export interface HandedOut {
  readonly head: ClaimedHead;
  readonly request: ProvisioningRequest;
}

/** What a claim for a lease came to. */
export type Leased =
  | {
      readonly kind: "leased";
      /** The most urgent first, then the oldest. Empty: there is no such lease. */
      readonly handedOut: readonly HandedOut[];
      /** When the lease ends, by the database. */
      readonly expireDate: number;
      /** What kept more from being handed out, if it was not that nothing else is ready. */
      readonly heldBackBy: "PROVIDER_NOT_EFFECTIVE" | "CAPACITY" | undefined;
    }
  /** The service sends this provider's requests itself. */
  | { readonly kind: "not_pulled" };

/** What a third party says became of a request. */
export interface PullReport {
  readonly identifier: RequestIdentifier;
  readonly outcome: Extract<Outcome, { kind: "accepted" | "rejected" }>;
  /** The CA system's ids of services, in answer to GET_ACTIVE_SERVICES. */
  readonly services: readonly string[];
  /** The CA system's ids of boxes, in answer to GET_PAIRING_STATUS. */
  readonly setTopBoxes: readonly string[];
}

/** The same on its way into the store. */
export interface PullAnswer extends PullReport {
  /** All that it says in readable form: two answers are equal when this is. Kept as response. */
  readonly text: string;
}

/** The result of a head whose request has ended. */
type Finish = Extract<HeadResult, { kind: "finish" }>;

/**
 * What is to be written of an answered head, which was handed out at `executedDate`; or why this is
 * no answer to it.
 */
export type FinishOf = (
  answer: PullAnswer,
  head: ClaimedHead,
  executedDate: number,
) => Finish | Fault;

/** What became of one answer. */
export type Answered =
  /** It has ended its request; `date` is when, by the database. */
  | { readonly kind: "applied"; readonly finish: Finish; readonly date: number }
  /** The same answer was applied before. */
  | { readonly kind: "repeated" }
  | { readonly kind: "refused"; readonly fault: Fault };

/** What the end of leases left behind. */
export interface EndedLeases {
  readonly leases: number;
  /** Lanes that can be handed out again. */
  readonly lanes: number;
  /** Numbers of at-most-once commands, which ended as OUTCOME_UNKNOWN. */
  readonly unknown: readonly number[];
}

/**
 * Hands requests of pulled providers out and takes what became of them.
 *
 *   PENDING ──claim──▶ leased ──first answer, however late──▶ ended
 *   leased ──lease ends──▶ PENDING, which an answer still ends
 *   leased, at most once ──lease ends──▶ ended, OUTCOME_UNKNOWN
 *
 * A lease owns its lanes as a process does, but belongs to none: it is the same for all instances,
 * survives them, and ends by the database's clock.
 */
export interface PullStore {
  /** Leases ready lane heads of one provider, in one transaction. */
  claim(options: LeaseOptions): Promise<Leased>;
  /**
   * Takes answers in one transaction, durable when the promise resolves; results in their order.
   * An answer counts whoever leases the request, if it was ever handed out and is open. Of several
   * answers to one request the first counts.
   */
  answer(answers: readonly PullAnswer[], finishOf: FinishOf): Promise<Answered[]>;
  /** Ends leases that have run out, in bounded batches, each a transaction. */
  endLeases(): Promise<EndedLeases>;
}
