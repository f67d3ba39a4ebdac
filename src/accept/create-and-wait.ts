import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { Settlement, Settlements } from "../dispatch/settlements.js";
import type { Clock } from "../requests/clock.js";
import type { CreateRequest } from "../requests/create-request.js";
import { endedRequest } from "../requests/ended-request.js";
import { isFinal } from "../requests/life-cycle.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import { ServiceError } from "../requests/service-error.js";
import type { Waiter } from "../store/coalescer.js";
import type { Accepted, RequestStore } from "../store/request-store.js";
import type { Acceptor } from "./acceptor.js";
import { waitMs } from "./wait-ms.js";

/** How often a call looks whether another instance has ended its request, or put it off. */
const REREAD_MS = 250;
/**
 * Where more calls wait each looks more seldom, so that their looks stay some hundreds a second: of
 * thousands they would take the database's time from what they wait for.
 */
const LOOKING_AT_ONCE = 64;

export interface CreateDeps {
  readonly acceptor: Acceptor;
  readonly store: RequestStore;
  readonly settlements: Settlements;
  readonly dispatcher: Pick<Dispatcher, "of" | "work">;
  readonly clock: Clock;
}

/**
 * What the edge knows of the call that creates. A create not yet in a batch is dropped when the
 * caller is gone.
 */
export interface CreateCall extends Waiter {
  /** Aborts when the caller is gone. Asked for by calls that wait only: making it costs. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970 UTC; undefined without one. */
  readonly deadline: number | undefined;
}

/** A create as it stands, and whether an earlier call with its request_id had stored it. */
export interface Created {
  readonly request: ProvisioningRequest;
  readonly replayed: boolean;
}

/**
 * Stores a create and, for `process_immediately`, waits for what its CA system makes of it: until
 * a final state, or the call's share of time is up, or it is clear that it will take longer. The
 * request goes on by itself then, and the answer shows it as it stands.
 */
export function createAndWait(
  deps: CreateDeps,
  create: CreateRequest,
  pin: string | undefined,
  call: CreateCall,
): Promise<Created> {
  const wait = create.processImmediately ? waitMs(call.deadline, deps.clock.now()) : 0;
  if (wait > 0) return createAndSettle(deps, create, pin, call, wait);
  return deps.acceptor.accept(create, pin, call).then(createdOf);
}

async function createAndSettle(
  deps: CreateDeps,
  create: CreateRequest,
  pin: string | undefined,
  call: CreateCall,
  wait: number,
): Promise<Created> {
  const { acceptor, settlements, clock } = deps;
  const until = clock.monotonic() + wait;
  const accepted = await acceptor.accept(create, pin, call);
  const created = createdOf(accepted);
  const { lifeCycleState, provider } = created.request;
  const left = until - clock.monotonic();
  if (left <= 0 || isFinal(lifeCycleState) || !settlements.hasRoom(provider)) return created;
  const underWay = accepted.kind === "stored" && accepted.claimed !== undefined;
  const request = await settledWithin(deps, created.request, left, call.signal, underWay);
  return { request, replayed: created.replayed };
}

function createdOf(accepted: Accepted): Created {
  if (accepted.kind === "refused") throw new ServiceError(accepted.faults);
  return { request: accepted.request, replayed: accepted.kind === "replayed" };
}

async function settledWithin(
  { settlements, store, dispatcher, clock }: CreateDeps,
  request: ProvisioningRequest,
  ms: number,
  signal: AbortSignal,
  /** Stored and claimed just now: it is on its way to the CA system, and nothing else can be read. */
  underWay: boolean,
): Promise<ProvisioningRequest> {
  const { number, provider, smartcard } = request;
  const until = clock.monotonic() + ms;
  const { settled, cancel } = settlements.await(number, provider, smartcard.caId);
  let settlement: Settlement | undefined;
  void settled.then((kind) => {
    settlement = kind;
  });
  try {
    if (underWay) await oneOf(clock, ms, signal, settled);
    for (;;) {
      // What this process has just written need not be read, unless the store has added to it.
      if (settlement?.kind === "finished" && settlement.ending !== undefined) {
        const { ending } = settlement;
        if (ending.answer?.kind !== "PAIRING_STATUS") return endedRequest(request, ending);
      }
      // Asked before the look: what is settled while it looks may not show in what it sees.
      const left = until - clock.monotonic();
      const over = left <= 0 || settlement !== undefined || signal.aborted;
      // The first look finds what was settled before the wait began, or that it is hopeless.
      const current = (await store.get({ by: "number", value: number })) ?? request;
      const here = dispatcher.of(provider)?.connected === true;
      if (over || isFinal(current.lifeCycleState)) return current;
      if (willTakeLonger(await laneHead(store, current), here)) return current;
      // Its notice may be lost. Whether there are others just now is not known soon enough.
      const reread = REREAD_MS * Math.ceil(settlements.waiting / LOOKING_AT_ONCE);
      const own = here && !store.shared;
      await oneOf(clock, own ? left : Math.min(left, reread), signal, settled);
    }
  } finally {
    cancel();
  }
}

/** The request that the lane waits for: this one, or the one before it that it waits behind. */
async function laneHead(
  store: RequestStore,
  request: ProvisioningRequest,
): Promise<ProvisioningRequest> {
  if (request.waitingForId === undefined) return request;
  return (await store.get({ by: "id", value: request.waitingForId })) ?? request;
}

/** Its lane is backing off, or its provider has no session here or anywhere, or is not pulled. */
function willTakeLonger({ waitingFor }: ProvisioningRequest, connected: boolean): boolean {
  switch (waitingFor) {
    case "NEXT_ATTEMPT":
    case "PROVIDER_NOT_EFFECTIVE":
      return true;
    // As the slot's row says, which follows the session by a moment.
    case "PROVIDER_UNAVAILABLE":
      return !connected;
    case "SCHEDULED_DATE":
    case "EARLIER_REQUEST":
    case "RUN":
    case "CLAIM":
    case "CAPACITY":
    case undefined:
      return false;
  }
}

/** Resolves after so long, or when the signal aborts, or when it is settled. */
function oneOf(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  settled: Promise<unknown>,
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancelTimer();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancelTimer = clock.setTimer(ms, end);
    signal.addEventListener("abort", end, { once: true });
    void settled.then(end);
  });
}
