import type { Logger } from "pino";
import { endingOf } from "../dispatch/held-head.js";
import type { Settlements } from "../dispatch/settlements.js";
import type { ConfiguredProvider } from "../providers/configured-provider.js";
import type { ProviderCatalogue } from "../providers/provider-catalogue.js";
import type { Backoff } from "../requests/backoff.js";
import type { Clock } from "../requests/clock.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import { type Fault, ServiceError } from "../requests/service-error.js";
import type { DispatchStore, HeadResult } from "../store/dispatch-store.js";
import type { HandedOut, PullReport, PullStore } from "../store/pull-store.js";
import { finishOf, resultOfPulled } from "./finish-of.js";
import { groupBySubscription } from "./group-by-subscription.js";
import { Turns } from "./turns.js";
import { answerText } from "./wire-text.js";

export interface PullDeskOptions {
  readonly store: PullStore;
  readonly dispatch: Pick<DispatchStore, "apply">;
  readonly providers: Pick<ProviderCatalogue, "get" | "refresh">;
  readonly settlements: Settlements;
  /** Immediate requests have ended; calls in other instances may wait for them. */
  readonly announceEnded: (numbers: readonly number[]) => void;
  /** Decrypts a PIN as it is kept. */
  readonly unseal: (sealedPin: string) => string;
  readonly backoff: Backoff;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/** What a third party asks for. */
export interface PullClaim {
  readonly provider: string;
  /** Requests at most. */
  readonly limit: number;
  readonly leaseMs: number;
  /** Who asks; operators see it as the holder. */
  readonly user: string;
  /** Why nobody waits for the requests any more; undefined while somebody does. */
  readonly waiter: { readonly gone: Error | undefined };
}

/** A request as a third party gets it: the only place where a PIN leaves the service in the clear. */
export interface PulledRequest {
  readonly request: ProvisioningRequest;
  readonly pin: string | undefined;
  /** It was handed out before, and nobody answered. */
  readonly handedOutBefore: boolean;
}

export interface PulledRequests {
  readonly requests: readonly PulledRequest[];
  /** Undefined when nothing was handed out. */
  readonly lease: { readonly id: string; readonly expireDate: number } | undefined;
  readonly heldBackBy: "PROVIDER_NOT_EFFECTIVE" | "CAPACITY" | undefined;
}

/**
 * Where third parties fetch the requests of pulled providers and leave the answers. Keeps nothing
 * of them itself: any instance takes any call, and a crash between two calls is nobody's loss.
 */
export class PullDesk {
  readonly #options: PullDeskOptions;
  /**
   * Claims for one provider wait for one another at its row of the database anyway. Here they do it
   * without a connection, of which others would have none left while one loop asks many times.
   */
  readonly #turns = new Turns();

  constructor(options: PullDeskOptions) {
    this.#options = options;
  }

  /** Leases requests that are ready; the most urgent first, then the oldest. */
  async claim({ provider, limit, leaseMs, user, waiter }: PullClaim): Promise<PulledRequests> {
    const { store, newId } = this.#options;
    const configured = await this.#provider(provider);
    const { maxInFlight, ratePerSecond, burst } = configured.limits;
    const lease = `pull/${user}/${newId()}`;
    const pace = ratePerSecond === undefined ? undefined : { ratePerSecond, burst };
    const leased = await this.#turns.take(provider, async () => {
      // What is handed to nobody is out of reach until its lease ends.
      if (waiter.gone !== undefined) throw waiter.gone;
      return store.claim({ provider, lease, leaseMs, limit, maxInFlight, pace });
    });
    if (leased.kind === "not_pulled") throw notPulled(provider);
    const requests = await this.#withPins(leased.handedOut, lease, configured);
    return {
      requests: groupBySubscription(requests),
      lease: requests.length === 0 ? undefined : { id: lease, expireDate: leased.expireDate },
      heldBackBy: leased.heldBackBy,
    };
  }

  /** Applies answers, durably; what kept each from being applied, undefined where nothing did. */
  async answer(reports: readonly PullReport[]): Promise<(Fault | undefined)[]> {
    if (reports.length === 0) return [];
    const { store, settlements, announceEnded } = this.#options;
    const answers = reports.map((report) => ({ ...report, text: answerText(report) }));
    const answered = await store.answer(answers, finishOf(this.#options.providers));
    const waitedFor: number[] = [];
    for (const one of answered) {
      if (one.kind !== "applied") continue;
      const { finish, date } = one;
      settlements.finished(finish.head.number, () => endingOf(finish, date));
      if (finish.head.processImmediately) waitedFor.push(finish.head.number);
    }
    if (waitedFor.length > 0) announceEnded(waitedFor);
    return answered.map((one) => (one.kind === "refused" ? one.fault : undefined));
  }

  async #provider(name: string): Promise<ConfiguredProvider> {
    const { providers } = this.#options;
    // What another instance has just created is not in the catalogue yet.
    if (providers.get(name) === undefined) await providers.refresh();
    const provider = providers.get(name);
    if (provider === undefined) {
      throw ServiceError.of("PROVIDER_NOT_FOUND", {
        field: "provider",
        description: "no provider has this name",
        resource: { type: "provider", name },
      });
    }
    if (!provider.isPulled) throw notPulled(name);
    return provider;
  }

  /**
   * Decrypts PINs. A request whose PIN cannot be decrypted is kept back: it counts as one that
   * failed, as for a dialled provider, and is looked at again after a pause. Should not even that be
   * written, after its lease: the others are handed out all the same.
   */
  async #withPins(
    handedOut: readonly HandedOut[],
    lease: string,
    provider: ConfiguredProvider,
  ): Promise<PulledRequest[]> {
    const { unseal, dispatch, backoff, clock, random, log } = this.#options;
    const failed: HeadResult[] = [];
    const requests = handedOut.flatMap(({ head, request }): PulledRequest[] => {
      const handedOutBefore = head.tries > 0;
      if (head.sealedPin === undefined) return [{ request, pin: undefined, handedOutBefore }];
      try {
        return [{ request, pin: unseal(head.sealedPin), handedOutBefore }];
      } catch (error) {
        log.error({ err: error, number: head.number }, "a PIN cannot be decrypted");
        const text = `its PIN cannot be decrypted: ${String(error)}`;
        failed.push(
          resultOfPulled({
            head,
            outcome: { kind: "failed", code: "PIN", text },
            response: undefined,
            executedDate: clock.now(),
            verdicts: { backoff, maxAttempts: provider.limits.maxAttempts },
            random: random(),
            serviceCode: (caId) => provider.serviceCode(caId),
          }),
        );
        return [];
      }
    });
    if (failed.length > 0) {
      await dispatch.apply(lease, failed).catch((error: unknown) => {
        log.error({ err: error, lease }, "what became of PINs could not be written");
      });
    }
    return requests;
  }
}

function notPulled(name: string): ServiceError {
  return ServiceError.of("PROVIDER_NOT_PULLED", {
    field: "provider",
    resource: { type: "provider", name },
  });
}
