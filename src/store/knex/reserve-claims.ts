import type { ClaimAtCreate } from "../request-store.js";
import { ownedByOthers } from "./claims.js";
import type { Tx } from "./database.js";
import { lockDispatch, returnTokens, spend } from "./dispatch-row.js";
import type { NewLane } from "./group-by-lane.js";
import { holdIncarnation } from "./hold-incarnation.js";
import type { LaneKey } from "./lane-key.js";

/** Lanes that new requests may claim, each with the sequence number for it. */
export type ReservedClaims = ReadonlyMap<NewLane, number>;

/**
 * Reserves a sequence number for each lane that an immediate request may claim as it makes it,
 * within the places given. The dispatch rows are locked here, before the lanes, as in claims; while
 * somebody claims for a provider, nothing is reserved: a create never waits for that, and the next
 * claim finds its lane first. A lane that turns out not to be new leaves a gap, which harms nothing.
 */
export async function reserveClaims(
  tx: Tx,
  lanes: readonly NewLane[],
  claim: ClaimAtCreate,
): Promise<ReservedClaims> {
  const reserved = new Map<NewLane, number>();
  const wanted = wantedClaims(lanes, claim);
  for (const provider of [...wanted.keys()].sort()) {
    const candidates = wanted.get(provider) ?? [];
    if (candidates.length === 0) continue;
    const places = claim.places.get(provider);
    // As in claims, what other instances hold is counted under the lock.
    const [held, dispatch, others] = await Promise.all([
      holdIncarnation(tx, claim.incarnation),
      lockDispatch(tx, provider, places?.pace),
      ownedByOthers(tx, provider, claim.incarnation),
    ]);
    if (!held || dispatch === undefined || dispatch.pausedMs > 0) continue;
    if (dispatch.providerVersion !== places?.providerVersion) continue;
    const free = places.maxInFlight - places.inHand - others;
    const room = Math.min(Math.floor(dispatch.tokens), free);
    const allowed = candidates.slice(0, Math.max(0, room));
    if (allowed.length === 0) continue;
    spend(tx, dispatch, dispatch.sequence + allowed.length, allowed.length);
    allowed.forEach((lane, i) => {
      reserved.set(lane, dispatch.sequence + 1 + i);
    });
  }
  return reserved;
}

/** The lanes whose first request is immediate, by provider; no more than there are places for. */
function wantedClaims(
  lanes: readonly NewLane[],
  claim: ClaimAtCreate,
): ReadonlyMap<string, readonly NewLane[]> {
  const wanted = new Map<string, NewLane[]>();
  for (const lane of lanes) {
    const first = lane.members.find((request) => request.dueDate === 0);
    if (first?.create.processImmediately !== true) continue;
    const { provider } = lane;
    const others = wanted.get(provider) ?? [];
    if (others.length < (claim.places.get(provider)?.count ?? 0)) others.push(lane);
    wanted.set(provider, others);
  }
  return wanted;
}

/** Gives the rate's tokens back for lanes that were there already, and so were not claimed. */
export function returnUnused(
  tx: Tx,
  reserved: ReservedClaims,
  claimed: readonly LaneKey[],
  claim: ClaimAtCreate,
): void {
  for (const [provider, { pace }] of claim.places) {
    if (pace === undefined) continue;
    const isOfProvider = (lane: LaneKey) => lane.provider === provider;
    const given = [...reserved.keys()].filter(isOfProvider).length;
    const used = claimed.filter(isOfProvider).length;
    if (given > used) returnTokens(tx, provider, given - used);
  }
}
