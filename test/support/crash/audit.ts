import type { ProvisioningRequest } from "../../../src/gen/provisioning/v1/provisioning_request.js";
import { type Api, isEnded } from "../world/api.js";
import type { CaJournal } from "../world/ca-journal.js";
import { eventually } from "../world/eventually.js";
import type { Order } from "./load.js";

const DRAIN_MS = 40_000;

/** Waits until every stored request has ended. */
export async function drained(api: Api): Promise<ProvisioningRequest[]> {
  const open = () => api.all().then((all) => all.filter((request) => !isEnded(request)));
  await eventually("the end of all requests", open, (left) => left.length === 0, DRAIN_MS);
  return api.all();
}

export interface AuditOptions {
  /** The CA system remembers no transactions: what is sent again has its effect again. */
  readonly forgetful?: boolean;
}

/**
 * What of the promises was broken: each acknowledged request COMPLETED, nothing else stored, one
 * effect for each, under a transaction of its own, and no request sent after a later one of its
 * lane. A command that must not be sent twice may have been given up instead; it has one effect at
 * most, even where the CA system forgets, and comes again only after BUSY. Empty when all is well.
 */
export function faultsOf(
  orders: readonly Order[],
  requests: readonly ProvisioningRequest[],
  ca: CaJournal,
  { forgetful = false }: AuditOptions = {},
): string[] {
  const stored = new Map(requests.map((request) => [request.number, request]));
  return [
    ...lost(orders, stored),
    ...doubled(orders, requests),
    ...effects(requests, ca, forgetful),
    ...sentTwice(requests, ca),
    ...overtaken(orders, stored, ca),
  ];
}

function lost(
  orders: readonly Order[],
  stored: ReadonlyMap<bigint, ProvisioningRequest>,
): string[] {
  return orders.flatMap(({ number }) => {
    const request = stored.get(number);
    const state = request?.lifeCycleState ?? "nowhere";
    if (state === "LIFE_CYCLE_STATE_COMPLETED" || isGivenUp(request)) return [];
    return [`request ${number} is ${state} ${request?.errorCode ?? ""}`.trimEnd()];
  });
}

/** True for a command whose second effect would be seen. */
function isAtMostOnce({ type }: ProvisioningRequest): boolean {
  return type === "COMMAND_TYPE_SEND_ON_SCREEN_MESSAGE";
}

/** True for one that was ended because it must not be sent again. */
function isGivenUp(request: ProvisioningRequest | undefined): boolean {
  return (
    request !== undefined &&
    isAtMostOnce(request) &&
    request.lifeCycleState === "LIFE_CYCLE_STATE_REJECTED" &&
    ["OUTCOME_UNKNOWN", "ATTEMPTS_EXHAUSTED"].includes(request.errorCode)
  );
}

function sentTwice(requests: readonly ProvisioningRequest[], ca: CaJournal): string[] {
  const events = new Map<number, string[]>();
  for (const { txn = 0, ev } of ca.of("arrival", "busy")) {
    events.set(txn, [...(events.get(txn) ?? []), ev]);
  }
  return requests.filter(isAtMostOnce).flatMap(({ number, transactionNumber }) => {
    const own = events.get(Number(transactionNumber)) ?? [];
    const again = own.some((ev, i) => ev === "arrival" && own[i - 1] === "arrival");
    return again ? [`request ${number} was sent again: ${own.join(" ")}`] : [];
  });
}

function doubled(orders: readonly Order[], requests: readonly ProvisioningRequest[]): string[] {
  const wanted = new Set(orders.map(({ number }) => number));
  const faults: string[] = [];
  if (wanted.size < orders.length) faults.push("two creates were given one request");
  for (const { number } of requests) {
    if (!wanted.has(number)) faults.push(`request ${number} was never acknowledged`);
  }
  const transactions = new Set(requests.map(({ transactionNumber }) => transactionNumber));
  if (transactions.size < requests.length) faults.push("two requests share a transaction");
  return faults;
}

function effects(
  requests: readonly ProvisioningRequest[],
  ca: CaJournal,
  forgetful: boolean,
): string[] {
  const cards = new Map<number, string[]>();
  for (const { txn = 0, card = "" } of ca.of("effect")) {
    cards.set(txn, [...(cards.get(txn) ?? []), card]);
  }
  const faults: string[] = [];
  for (const request of requests) {
    const { number, transactionNumber, smartcard } = request;
    const own = cards.get(Number(transactionNumber)) ?? [];
    cards.delete(Number(transactionNumber));
    const known = request.errorCode !== "OUTCOME_UNKNOWN";
    const enough = isAtMostOnce(request)
      ? own.length <= 1 && (!known || own.length === Number(request.errorCode === ""))
      : own.length === 1 || (forgetful && own.length > 1);
    if (enough && own.every((card) => card === smartcard?.caId)) continue;
    faults.push(`request ${number} had ${own.length} effects, on card ${own}`);
  }
  // A request that was sent under two numbers had two effects.
  for (const [txn, own] of cards) faults.push(`card ${own} had an effect of stray number ${txn}`);
  return faults;
}

/** A before B when A was acknowledged, and due, before B was submitted. */
function overtaken(
  orders: readonly Order[],
  stored: ReadonlyMap<bigint, ProvisioningRequest>,
  ca: CaJournal,
): string[] {
  const byTransaction = new Map(
    orders.map((order) => [Number(stored.get(order.number)?.transactionNumber), order]),
  );
  const lastSent = new Map<Order, number>();
  const firstSent = new Map<Order, number>();
  for (const [at, { txn = 0 }] of ca.of("arrival").entries()) {
    const order = byTransaction.get(txn);
    if (order === undefined) continue;
    lastSent.set(order, at);
    if (!firstSent.has(order)) firstSent.set(order, at);
  }
  const faults: string[] = [];
  for (const lane of lanes(orders)) {
    for (const a of lane) {
      for (const b of lane) {
        const promised = a.acknowledged < b.submitted && a.dueAt <= b.submittedAt;
        // What was never sent is told of as lost.
        if (promised && (lastSent.get(a) ?? 0) > (firstSent.get(b) ?? Number.POSITIVE_INFINITY)) {
          faults.push(`request ${a.number} was sent after ${b.number} of its card`);
        }
      }
    }
  }
  return faults;
}

function lanes(orders: readonly Order[]): Order[][] {
  const byCard = new Map<string, Order[]>();
  for (const order of orders) {
    byCard.set(order.caId, [...(byCard.get(order.caId) ?? []), order]);
  }
  return [...byCard.values()];
}
