import type { Acceptance } from "../request-store.js";
import type { Database } from "./database.js";
import type { ColumnType } from "./dialect.js";
import type { SoughtRequest } from "./find-earlier.js";
import { type GivenRows, RowShape } from "./row-shape.js";

/** A batch of creates, with all that can be made of it before its transaction begins. */
export interface PreparedCreates {
  readonly acceptances: readonly Acceptance[];
  /** For each of them, what it may have been stored under before. */
  readonly sought: readonly SoughtRequest[];
  /** The names in each of them. */
  readonly names: GivenRows;
}

const NAMES = {
  sub_id: "text",
  sub_number: "text",
  card_id: "text",
  card_serial: "text",
  card_code: "text",
  created_by: "text",
  request_id: "text",
  request_key: "bigint",
} as const satisfies Record<string, ColumnType>;

/** Each by itself, since callers mostly name things the same way: the other names are all NULL. */
const SHAPE = new RowShape(NAMES, {
  alike: [["sub_id"], ["sub_number"], ["card_id"], ["card_serial"], ["card_code"], ["created_by"]],
});

export function prepareCreates(
  acceptances: readonly Acceptance[],
  { dialect, requestIds }: Pick<Database, "dialect" | "requestIds">,
): PreparedCreates {
  const sought = acceptances.map(
    ({ create: { subscription, smartcard, createdBy, requestId } }) => ({
      sub_id: subscription.by === "id" ? subscription.value : undefined,
      sub_number: subscription.by === "number" ? subscription.value : undefined,
      card_id: smartcard.by === "id" ? smartcard.value : undefined,
      card_serial: smartcard.by === "serial_number" ? smartcard.value : undefined,
      card_code: smartcard.by === "alternative_code" ? smartcard.value : undefined,
      created_by: createdBy,
      request_id: requestId,
      request_key: requestId === undefined ? undefined : requestIds.keyOf(createdBy, requestId),
    }),
  );
  return { acceptances, sought, names: SHAPE.give(dialect, sought) };
}
