import { ServiceError } from "../../requests/service-error.js";
import {
  cardCountFault,
  cardFault,
  MAX_RESET_CARDS,
  resetCreates,
} from "../../requests/subscription-reset.js";
import type { AcceptContext, ResetAcceptance } from "../request-store.js";
import { acceptRequests } from "./accept-requests.js";
import type { Tx } from "./database.js";
import { findEarlier } from "./find-earlier.js";
import { prepareCreates } from "./prepare-creates.js";
import { type RequestRow, selectRequests } from "./request-row.js";

/** What a reset has come to in its transaction. */
export type ResetResult =
  | { readonly kind: "stored"; readonly batch: Awaited<ReturnType<typeof acceptRequests>> }
  | { readonly kind: "replayed"; readonly rows: readonly RequestRow[] };

/**
 * Stores the creates of a reset in the caller's transaction, all or none: one that is refused
 * throws a `ServiceError` with the faults of all, so that the transaction is undone.
 */
export async function resetSubscription(
  tx: Tx,
  { reset, bodyHash, newId }: ResetAcceptance,
  context: AcceptContext,
): Promise<ResetResult> {
  // First, so that of two equal resets at once the later one finds the earlier stored.
  const subscription = await lockSubscription(tx, reset.subscription);
  const earlier = await findEarlier(tx, reset.createdBy, reset.requestId);
  if (earlier !== undefined) {
    if (earlier.bodyHash !== bodyHash) throw ServiceError.of("REQUEST_ID_REUSED", REUSED);
    return { kind: "replayed", rows: await readReset(tx, earlier.number) };
  }
  const [outdated, ...others] = reset.outdated;
  if (outdated !== undefined) throw new ServiceError([outdated, ...others]);
  if (subscription === undefined) {
    const { by, value } = reset.subscription;
    throw ServiceError.of("SUBSCRIPTION_NOT_FOUND", {
      field: `subscription_identifier.${by}`,
      description: `no subscription has this ${by}`,
      resource: { type: "subscription", name: value },
    });
  }
  const cards = await findCards(tx, subscription);
  const count = cardCountFault(reset, cards.length);
  if (count !== undefined) throw new ServiceError([count]);
  const creates = resetCreates(reset, cards).map((create) => ({
    create,
    id: newId(),
    bodyHash: create.requestId === undefined ? undefined : bodyHash,
    sealedPin: undefined,
    pinDigits: undefined,
  }));
  const batch = await acceptRequests(tx, prepareCreates(creates, tx), context);
  const [first, ...rest] = batch.decisions.flatMap((decision) =>
    decision.kind === "refuse" ? decision.faults.map(cardFault) : [],
  );
  if (first !== undefined) throw new ServiceError([first, ...rest]);
  if (reset.requestId !== undefined) rememberReset(tx, batch);
  return { kind: "stored", batch };
}

const REUSED = {
  field: "request_id",
  description: "this request_id was used before with another body",
};

/** The id of the subscription, its row locked; undefined when there is none. */
async function lockSubscription(
  tx: Tx,
  { by, value }: ResetAcceptance["reset"]["subscription"],
): Promise<string | undefined> {
  const [row] = await tx.all<{ id: string }>(
    `SELECT id FROM subscriptions WHERE ${by} = ? ${tx.dialect.forUpdate}`,
    [value],
  );
  return row?.id;
}

/** The cards of the subscription that have a provider, by id, one more than are allowed at most. */
async function findCards(tx: Tx, subscriptionId: string): Promise<string[]> {
  const rows = await tx.all<{ id: string }>(
    `SELECT id FROM installed_items
     WHERE subscription_id = ? AND type = 'SMARTCARD' AND provider IS NOT NULL
     ORDER BY id LIMIT ?`,
    [subscriptionId, MAX_RESET_CARDS + 1],
  );
  return rows.map(({ id }) => id);
}

/** The first request of a reset leads to all of them when it is repeated. */
function rememberReset(tx: Tx, { decisions }: Awaited<ReturnType<typeof acceptRequests>>): void {
  const numbers = decisions.flatMap((decision) =>
    decision.kind === "new" ? [decision.request.number] : [],
  );
  tx.run("INSERT INTO subscription_resets (first_number, numbers) VALUES (?, ?)", [
    Math.min(...numbers),
    JSON.stringify(numbers),
  ]);
}

async function readReset(tx: Tx, first: number): Promise<readonly RequestRow[]> {
  const [reset] = await tx.all<{ numbers: string }>(
    "SELECT numbers FROM subscription_resets WHERE first_number = ?",
    [first],
  );
  const numbers = JSON.parse(reset?.numbers ?? "[]") as number[];
  return await tx.all<RequestRow>(
    `${selectRequests("full", tx.dialect)} WHERE ${tx.dialect.isOneOf("r.number")}
     ORDER BY r.number`,
    [tx.dialect.numbers(numbers)],
  );
}
