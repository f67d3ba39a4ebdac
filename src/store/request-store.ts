import type { CommandType } from "../requests/command.js";
import type {
  CreateRequest,
  SmartcardIdentifier,
  SubscriptionIdentifier,
} from "../requests/create-request.js";
import type { LifeCycleState } from "../requests/life-cycle.js";
import type { ProviderRules } from "../requests/provider-rules.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import type { Fault } from "../requests/service-error.js";
import type { SubscriptionReset } from "../requests/subscription-reset.js";
import type { ProviderCondition } from "../requests/waiting-for.js";
import type { ClaimedHead, Pace } from "./dispatch-store.js";

/** One create on its way into the store. */
export interface Acceptance {
  readonly create: CreateRequest;
  /** UUIDv7 that the request gets, if it is a new one. */
  readonly id: string;
  /** Keyed hash of the caller's body; present with a request_id. */
  readonly bodyHash: string | undefined;
  /** The encrypted PIN, for a command that carries one. */
  readonly sealedPin: string | undefined;
  /** How many digits that PIN has. */
  readonly pinDigits: number | undefined;
}

/** What became of one create. */
export type Accepted =
  | {
      readonly kind: "stored";
      readonly request: ProvisioningRequest;
      /** The lane's head, claimed for the caller in the same transaction. */
      readonly claimed: ClaimedHead | undefined;
    }
  /** The request that an earlier create with the same request_id and body stored. */
  | { readonly kind: "replayed"; readonly request: ProvisioningRequest }
  | { readonly kind: "refused"; readonly faults: readonly [Fault, ...Fault[]] };

/** Lets a batch of creates claim free lanes for `process_immediately`, heads at most. */
export interface ClaimAtCreate {
  readonly incarnation: string;
  /** Where lanes may be claimed. */
  readonly places: ReadonlyMap<string, Places>;
}

/** How many lanes may be claimed at one provider, and under which terms. */
export interface Places {
  readonly count: number;
  /** The provider's cap over all instances: others may have taken part of it. */
  readonly maxInFlight: number;
  /** Heads of it that the caller holds. */
  readonly inHand: number;
  readonly pace: Pace | undefined;
  /** As the caller knows the provider: nothing is claimed under another version. */
  readonly providerVersion: number;
}

/** A reset on its way into the store. */
export interface ResetAcceptance {
  readonly reset: SubscriptionReset;
  /** As of a create. */
  readonly bodyHash: string | undefined;
  /** Makes the id of each request. */
  readonly newId: () => string;
}

/** What became of a reset: its requests, by their cards' ids. */
export interface ResetAccepted {
  readonly requests: readonly ProvisioningRequest[];
  /** They were stored by an earlier reset with the same request_id and body. */
  readonly replayed: boolean;
}

export interface AcceptContext {
  readonly rules: ProviderRules;
  readonly claim: ClaimAtCreate;
  /** They came many in one call: where batches wait for one another, those of single calls go first. */
  readonly bulk?: boolean;
}

/** A request by one of its two names. */
export type RequestIdentifier =
  | { readonly by: "id"; readonly value: string }
  | { readonly by: "number"; readonly value: number };

/** What a list is narrowed to; members are ANDed, absent ones do not narrow. */
export interface RequestFilter {
  readonly lifeCycleStates?: readonly LifeCycleState[];
  readonly types?: readonly CommandType[];
  readonly provider?: string;
  readonly subscription?: SubscriptionIdentifier;
  readonly smartcard?: SmartcardIdentifier;
  readonly processId?: string;
  readonly referenceNumber?: string;
  readonly callerReference?: string;
  readonly createdBy?: string;
  readonly createdFrom?: number;
  readonly createdBefore?: number;
}

export interface RequestPage {
  readonly filter: RequestFilter;
  readonly limit: number;
  /** Continue after the request of this number. */
  readonly after: number | undefined;
  /** So many requests are passed over first; none by default. What they cost grows with them. */
  readonly skip?: number;
  readonly oldestFirst: boolean;
  /** Wire texts too. */
  readonly full: boolean;
}

/** What becomes of a wish to end a request that is not being sent. */
export type Ended =
  | { readonly kind: "ended" }
  /** It was CANCELLED already. */
  | { readonly kind: "already" }
  | { readonly kind: "not_found" }
  /** It is being sent, or has another final state. */
  | { readonly kind: "not_allowed"; readonly state: LifeCycleState };

/** Where provisioning requests are kept: accepted, read, and ended by callers. */
export interface RequestStore {
  /** Batches that are stored at the same time do not wait for one another. */
  readonly sideBySide: boolean;
  /** Other processes may serve what is kept here: send it, end it, or put it off. */
  readonly shared: boolean;
  /**
   * Stores a batch of creates in one transaction, durable when the promise resolves; results in
   * the order of the batch, which is the order within each lane. A fault of one create refuses
   * that one only. Of creates with the same principal and request_id the first that nothing is
   * wrong with is stored; the others find it stored.
   */
  accept(batch: readonly Acceptance[], context: AcceptContext): Promise<Accepted[]>;
  /**
   * Stores one re-authorisation for each card of a subscription that has a provider, all of them or
   * none, in one transaction. Rejects with a `ServiceError` when something is wrong with any.
   */
  reset(reset: ResetAcceptance, rules: ProviderRules): Promise<ResetAccepted>;
  /** The request as it stands, wire texts included. */
  get(identifier: RequestIdentifier): Promise<ProvisioningRequest | undefined>;
  list(page: RequestPage): Promise<ProvisioningRequest[]>;
  cancel(identifier: RequestIdentifier, by: string, reason: string | undefined): Promise<Ended>;
  /** What bears on waiting, for each provider. */
  conditions(): Promise<ReadonlyMap<string, ProviderCondition>>;
}
