import type { SmartcardIdentifier, SubscriptionIdentifier } from "../../requests/create-request.js";
import { isFinal, LIFE_CYCLE_STATES, type LifeCycleState } from "../../requests/life-cycle.js";
import type { RequestFilter } from "../request-store.js";
import type { Value } from "./database.js";
import type { Lead } from "./request-row.js";

/** Must hold of the rows of `selectRequests`. */
interface Condition {
  readonly text: string;
  readonly bindings: readonly Value[];
}

/** Requests that are found from one table, in the order of its numbers. */
export interface ListPart {
  readonly lead: Lead;
  readonly conditions: readonly Condition[];
}

/**
 * Where a lead has the provider, so that other providers' rows are passed over before they are
 * joined. With an empty text no index on it counts: rows of one would have to be sorted by number.
 */
const PROVIDER_OF: Record<Lead, string> = {
  r: "r.provider",
  o: "r.provider",
  w: "w.provider || ''",
  l: "l.provider || ''",
};

const SENDING = "l.head = r.number AND l.owner IS NOT NULL";

/**
 * The parts that make up a list; no request is in two. What is waiting, being sent, or ended
 * otherwise than COMPLETED is little beside all that ever was, and is asked for most: so it is found
 * from `waiting`, `lanes` or `outcomes`. Found from `requests`, a page of PENDING or REJECTED ones, or
 * of a run's, took SQLite 0.1 to 0.8 s with a history of a million; so it takes 2 to 5 ms.
 * A subscription, a card or a reference, though, leads to few requests by itself.
 */
export function partsOf(filter: RequestFilter): readonly ListPart[] {
  const { processId } = filter;
  const states = new Set(filter.lifeCycleStates);
  const anyState = states.size === 0 || states.size === LIFE_CYCLE_STATES.length;
  if (anyState && processId === undefined) return [{ lead: "r", conditions: narrowingOf(filter) }];
  const wanted = LIFE_CYCLE_STATES.filter((state) => anyState || states.has(state));
  const parts = [...openParts(wanted, processId), ...endedParts(wanted, processId)];
  if (leadsToFew(filter)) return parts.length === 0 ? [] : [inOne(parts, narrowingOf(filter))];
  return parts.map(({ lead, conditions }) => ({
    lead,
    conditions: [...conditions, ...narrowingOf(filter, lead)],
  }));
}

function leadsToFew(filter: RequestFilter): boolean {
  const { subscription, smartcard, callerReference, referenceNumber } = filter;
  return [subscription, smartcard, callerReference, referenceNumber].some(
    (narrow) => narrow !== undefined,
  );
}

/** States are derived: an open one is told by lane and head. */
function openParts(wanted: readonly LifeCycleState[], processId: string | undefined): ListPart[] {
  const [pending, processing] = [wanted.includes("PENDING"), wanted.includes("PROCESSING")];
  if (pending && processId === undefined) {
    const waiting = is("w.number IS NOT NULL");
    // Coalesced, since a request may have no lane for a moment.
    const unsent = is(`NOT coalesce(${SENDING}, false)`);
    return [{ lead: "w", conditions: processing ? [waiting] : [waiting, unsent] }];
  }
  if (!processing) return [];
  // A run is known of what is being sent, and of what was.
  const ofRun = processId === undefined ? [] : [is("l.process_id = ?", processId)];
  return [{ lead: "l", conditions: [is(SENDING), ...ofRun] }];
}

/** A final state is the outcome's. */
function endedParts(wanted: readonly LifeCycleState[], processId: string | undefined): ListPart[] {
  const final = wanted.filter(isFinal);
  if (final.length === 0) return [];
  if (processId !== undefined || final.includes("COMPLETED")) {
    const ofRun = processId === undefined ? [] : [is("o.process_id = ?", processId)];
    return [{ lead: "o", conditions: [isOneOf("o.life_cycle_state", final), ...ofRun] }];
  }
  // Each by itself, and in the words of the index that has only those: there it is in order.
  return final.map((state) => ({
    lead: "o",
    conditions: [is("o.life_cycle_state = ? AND o.life_cycle_state <> 'COMPLETED'", state)],
  }));
}

function inOne(parts: readonly ListPart[], narrowing: readonly Condition[]): ListPart {
  const texts = parts.map((part) => part.conditions.map(({ text }) => text).join(" AND "));
  const bindings = parts.flatMap((part) => part.conditions.flatMap((one) => one.bindings));
  const any = { text: `(${texts.map((text) => `(${text})`).join(" OR ")})`, bindings };
  return { lead: "r", conditions: [...narrowing, any] };
}

function narrowingOf(filter: RequestFilter, lead: Lead = "r"): Condition[] {
  const { types, subscription, smartcard, createdFrom, createdBefore } = filter;
  return [
    types !== undefined && types.length > 0 && isOneOf("r.type", types),
    filter.provider !== undefined && is(`${PROVIDER_OF[lead]} = ?`, filter.provider),
    subscription !== undefined && isOfSubscription(subscription),
    smartcard !== undefined && isOfSmartcard(smartcard),
    filter.callerReference !== undefined && is("r.caller_reference = ?", filter.callerReference),
    filter.createdBy !== undefined && is("r.created_by = ?", filter.createdBy),
    createdFrom !== undefined && is("r.created_date >= ?", createdFrom),
    createdBefore !== undefined && is("r.created_date < ?", createdBefore),
    filter.referenceNumber !== undefined && is("o.reference_number = ?", filter.referenceNumber),
  ].filter((condition) => condition !== false);
}

/**
 * By what the name stands for today: a renamed subscription keeps its history. Found by the items
 * that it has or had: an index of requests by subscription would cost each create as much again as
 * the one by item does.
 */
function isOfSubscription({ by, value }: SubscriptionIdentifier): Condition {
  const id = by === "id" ? "?" : "(SELECT id FROM subscriptions WHERE number = ?)";
  const text = `r.subscription_id = ${id} AND r.item_id IN (
    SELECT id FROM installed_items WHERE subscription_id = ${id}
    UNION SELECT item_id FROM former_items WHERE subscription_id = ${id})`;
  return is(text, value, value, value);
}

function isOfSmartcard({ by, value }: SmartcardIdentifier): Condition {
  if (by === "id") return is("r.item_id = ?", value);
  return is(`r.item_id = (SELECT id FROM installed_items WHERE ${by} = ?)`, value);
}

function is(text: string, ...bindings: Value[]): Condition {
  return { text, bindings };
}

/** A statement has only so many parameters, and a caller may name one thing any number of times. */
function isOneOf(column: string, values: readonly string[]): Condition {
  const distinct = [...new Set(values)];
  return is(`${column} IN (${distinct.map(() => "?").join(", ")})`, ...distinct);
}
