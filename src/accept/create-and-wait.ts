import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { Settlements } from "../dispatch/settlements.js";
import type { Clock } from "../requests/clock.js";
import type { CreateRequest } from "../requests/create-request.js";
import { isFinal } from "../requests/life-cycle.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import { ServiceError } from "../requests/service-error.js";
import type { RequestStore } from "../store/request-store.js";
import type { Acceptor } from "./acceptor.js";
import { waitMs } from "./wait-ms.js";

export interface CreateDeps {
  readonly acceptor: Acceptor;
  readonly store: RequestStore;
  readonly settlements: Settlements;
  readonly dispatcher: Pick<Dispatcher, "of">;
  readonly clock: Clock;
}

/** What the edge knows of the call that creates. */
export interface CreateCall {
  /** Aborts when the caller is gone: a create not yet in a batch is then dropped. */
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since 1970 UTC; undefined without one. */
  readonly deadline: number | undefined;
}

/**
 * Stores a create and, for `process_immediately`, waits for what its CA system makes of it: until
 * a final state, or the call's share of time is up, or it is clear that it will take longer. The
 * request goes on by itself then, and the answer shows it as it stands.
 */
export async function createAndWait(
  deps: CreateDeps,
  create: CreateRequest,
  pin: string | undefined,
  call: CreateCall,
): Promise<{ request: ProvisioningRequest; replayed: boolean }> {
  const wait = create.processImmediately ? waitMs(call.deadline, deps.clock.now()) : 0;
  const until = deps.clock.monotonic() + wait;
  const accepted = await deps.acceptor.accept(create, pin, call.signal);
  if (accepted.kind === "refused") throw new ServiceError(accepted.faults);
  const replayed = accepted.kind === "replayed";
  const left = until - deps.clock.monotonic();
  if (left <= 0 || isFinal(accepted.request.lifeCycleState)) {
    return { request: accepted.request, replayed };
  }
  return { request: await settledWithin(deps, accepted.request, left, call.signal), replayed };
}

async function settledWithin(
  { settlements, store, dispatcher, clock }: CreateDeps,
  request: ProvisioningRequest,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<ProvisioningRequest> {
  const { number, provider, smartcard } = request;
  const { settled, cancel } = settlements.await(number, provider, smartcard.caId);
  const read = async () => (await store.get({ by: "number", value: number })) ?? request;
  // It may have been answered before the wait began, or its lane may sleep already.
  const current = await read();
  const hopeless =
    dispatcher.of(provider)?.connected !== true || current.waitingFor === "NEXT_ATTEMPT";
  if (isFinal(current.lifeCycleState) || hopeless) {
    cancel();
    return current;
  }
  await new Promise<void>((resolve) => {
    const end = () => {
      cancelTimer();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancelTimer = clock.setTimer(ms, end);
    signal?.addEventListener("abort", end, { once: true });
    void settled.then(end);
  });
  cancel();
  return read();
}
