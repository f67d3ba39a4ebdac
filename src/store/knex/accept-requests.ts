import { PairMap } from "../../memory/pair-map.js";
import { checkCreate } from "../../requests/check-create.js";
import { isUrgent, rankOf } from "../../requests/priority.js";
import type { Fault } from "../../requests/service-error.js";
import { transactionOf } from "../../requests/transaction-number.js";
import type { ProviderCondition } from "../../requests/waiting-for.js";
import type { ClaimedHead } from "../dispatch-store.js";
import type { AcceptContext, Accepted, ClaimAtCreate } from "../request-store.js";
import type { Db, Tx } from "./database.js";
import type { Earlier } from "./find-earlier.js";
import { groupByLane } from "./group-by-lane.js";
import { joinLanes, type LanePlace } from "./join-lanes.js";
import { insertRequests, insertWaiting, type NewRequest } from "./new-request.js";
import { newRequestRow } from "./new-request-row.js";
import type { PreparedCreates } from "./prepare-creates.js";
import { type RequestRow, requestOf, requestWith, selectRequests } from "./request-row.js";
import { reserveClaims } from "./reserve-claims.js";
import { type ResolvedCreate, resolveCreates } from "./resolve-creates.js";

type Decision =
  | { readonly kind: "new"; readonly request: NewRequest }
  | { readonly kind: "replay"; readonly number: number }
  | { readonly kind: "refuse"; readonly faults: readonly [Fault, ...Fault[]] };

/** What a batch of creates becomes, before the answers are worded. */
interface Batch {
  readonly decisions: readonly Decision[];
  /** For each new request, by its number. */
  readonly places: ReadonlyMap<number, LanePlace>;
  /** Of the replayed requests, by their numbers. */
  readonly replayed: ReadonlyMap<number, RequestRow>;
}

/**
 * Stores a batch of creates in the caller's transaction: one statement looks all names up, each
 * row is judged by itself, a statement or two for each table write those that stand.
 */
export async function acceptRequests(
  tx: Tx,
  batch: PreparedCreates,
  context: AcceptContext,
): Promise<Batch> {
  const resolved = await resolveCreates(tx, batch);
  // What this batch stores itself under a request_id counts as stored before by the rest of it.
  const batched = new PairMap<Earlier>();
  const decisions = resolved.map((resolvedCreate) => {
    const { acceptance, number, earlier } = resolvedCreate;
    const { createdBy, requestId } = acceptance.create;
    if (requestId === undefined) return decide(resolvedCreate, undefined, context);
    const before = earlier ?? batched.get(createdBy, requestId);
    const decision = decide(resolvedCreate, before, context);
    if (decision.kind === "new") {
      batched.set(createdBy, requestId, { number, bodyHash: acceptance.bodyHash ?? null });
    }
    return decision;
  });
  const requests: NewRequest[] = [];
  for (const decision of decisions) if (decision.kind === "new") requests.push(decision.request);
  const places = await storeRequests(tx, requests, context.claim);
  return { decisions, places, replayed: await readReplayed(tx, decisions) };
}

function decide(
  { acceptance, now, number, requestKey, found }: ResolvedCreate,
  earlier: Earlier | undefined,
  context: AcceptContext,
): Decision {
  const { create } = acceptance;
  if (earlier !== undefined) {
    if (earlier.bodyHash === acceptance.bodyHash) {
      return { kind: "replay", number: earlier.number };
    }
    const description = "this request_id was used before with another body";
    const fault: Fault = { reason: "REQUEST_ID_REUSED", field: "request_id", description };
    return { kind: "refuse", faults: [fault] };
  }
  const checked = checkCreate(acceptance, found, context.rules);
  if ("faults" in checked) return { kind: "refuse", faults: checked.faults };
  const scheduled = create.scheduledDate ?? 0;
  return {
    kind: "new",
    request: {
      acceptance,
      create,
      destination: checked.destination,
      number,
      requestKey,
      now,
      dueDate: scheduled > now ? scheduled : 0,
    },
  };
}

async function storeRequests(
  tx: Tx,
  requests: readonly NewRequest[],
  claim: ClaimAtCreate,
): Promise<ReadonlyMap<number, LanePlace>> {
  if (requests.length === 0) return new Map();
  const lanes = groupByLane(requests);
  const reserved = await reserveClaims(tx, lanes, claim);
  const joining = joinLanes(tx, lanes, reserved, claim);
  // Told below, unless something fails before.
  joining.catch(() => undefined);
  // Made and sent while the database writes the lanes.
  insertRequests(tx, requests);
  const places = await joining;
  insertWaiting(tx, requests, places);
  return places;
}

async function readReplayed(
  tx: Db,
  decisions: readonly Decision[],
): Promise<Map<number, RequestRow>> {
  const numbers = new Set<number>();
  for (const decision of decisions) if (decision.kind === "replay") numbers.add(decision.number);
  if (numbers.size === 0) return new Map();
  const rows = await tx.all<RequestRow>(
    `${selectRequests("full", tx.dialect)} WHERE ${tx.dialect.isOneOf("r.number")}`,
    [tx.dialect.numbers([...numbers])],
  );
  return new Map(rows.map((row) => [row.number, row]));
}

/** Words the answers of a committed batch; nothing is read for them again. */
export function acceptedOf(
  batch: Batch,
  conditions: ReadonlyMap<string, ProviderCondition>,
): Accepted[] {
  return batch.decisions.map((decision) => answer(decision, batch, conditions));
}

function answer(
  decision: Decision,
  { places, replayed }: Batch,
  conditions: ReadonlyMap<string, ProviderCondition>,
): Accepted {
  switch (decision.kind) {
    case "refuse":
      return { kind: "refused", faults: decision.faults };
    case "replay": {
      const row = replayed.get(decision.number);
      if (row === undefined) throw new Error("a replayed request that is not there");
      return { kind: "replayed", request: requestOf(row, conditions) };
    }
    case "new": {
      const { request } = decision;
      const place = places.get(request.number);
      if (place === undefined) throw new Error("a new request without a lane");
      const row = newRequestRow(request, place);
      return {
        kind: "stored",
        request: requestWith(request.destination.command, row, conditions),
        claimed: claimedOf(request, place),
      };
    }
  }
}

function claimedOf(request: NewRequest, place: LanePlace): ClaimedHead | undefined {
  if (place.sequenceNumber === undefined) return undefined;
  return {
    provider: request.destination.provider,
    caId: request.destination.caId,
    number: request.number,
    id: request.acceptance.id,
    claimNumber: 1,
    sequenceNumber: place.sequenceNumber,
    transactionNumber: transactionOf(place.sequenceNumber),
    command: request.destination.command,
    sealedPin: request.acceptance.sealedPin,
    subscriptionNumber: request.destination.subscription.number,
    processImmediately: request.create.processImmediately,
    urgent: isUrgent(rankOf(request.create)),
    attempts: 0,
    tries: 0,
    depth: place.depth,
  };
}
