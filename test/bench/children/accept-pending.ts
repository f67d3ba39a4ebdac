import { randomUUID } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Database } from "../../../src/store/knex/database.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import type { Acceptance } from "../../../src/store/request-store.js";
import { takes } from "../../support/provider-rules.js";
import { BODY_HASH, cardId, subscriptionId } from "./cards.js";
import type { Cards } from "./stock.js";

const AT_ONCE = 500;
const TYPE = "REAUTHORISE_ALL_SERVICES";

/** Stores due requests of these cards, dealt to them in turn. */
export async function acceptPending(
  database: Database,
  { from, to }: Cards,
  requests: number,
): Promise<void> {
  const store = knexRequestStore(database);
  const context = {
    rules: takes([TYPE]),
    claim: { incarnation: "", places: new Map() },
  };
  for (let start = 0; start < requests; start += AT_ONCE) {
    const length = Math.min(AT_ONCE, requests - start);
    const batch = Array.from({ length }, (_, k) => acceptance(from + ((start + k) % (to - from))));
    for (const accepted of await store.accept(batch, context)) {
      if (accepted.kind !== "stored") throw new Error(`not stored: ${JSON.stringify(accepted)}`);
    }
  }
}

function acceptance(card: number): Acceptance {
  return {
    create: {
      command: { type: TYPE },
      subscription: { by: "id", value: subscriptionId(card) },
      smartcard: { by: "id", value: cardId(card) },
      processImmediately: false,
      scheduledDate: undefined,
      priority: "REGULAR",
      expireDate: undefined,
      requestId: randomUUID(),
      callerReference: undefined,
      onBehalfOf: undefined,
      reason: undefined,
      retryOf: undefined,
      outdated: [],
      createdBy: "admin",
    },
    id: newId(),
    bodyHash: BODY_HASH,
    sealedPin: undefined,
    pinDigits: undefined,
  };
}
