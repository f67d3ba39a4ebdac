import type { ClaimedHead } from "../../src/store/dispatch-store.js";

/** A head as a claim gives it: the last one of its lane, that of card `caId`. */
export function claimedHead(number: number, caId = "000000000001"): ClaimedHead {
  return {
    provider: "alpha",
    caId,
    number,
    id: `id-${number}`,
    claimNumber: 1,
    sequenceNumber: number,
    transactionNumber: number,
    command: { type: "REAUTHORISE_ALL_SERVICES" },
    sealedPin: undefined,
    subscriptionNumber: "S-1",
    processImmediately: false,
    urgent: false,
    attempts: 0,
    tries: 0,
    depth: 1,
  };
}
