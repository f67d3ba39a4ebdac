import type { Destination } from "../../requests/check-create.js";
import type { CreateRequest } from "../../requests/create-request.js";
import { rankOf } from "../../requests/priority.js";
import type { Acceptance } from "../request-store.js";
import { parametersOf } from "./command-column.js";
import type { RowOf, Tx } from "./database.js";
import type { ColumnType } from "./dialect.js";
import type { LanePlace } from "./join-lanes.js";
import { RowShape } from "./row-shape.js";

/** A create that nothing is wrong with, on its way into the tables. */
export interface NewRequest {
  readonly acceptance: Acceptance;
  readonly create: CreateRequest;
  readonly destination: Destination;
  readonly number: number;
  /** What the index of request_ids knows its request_id by, if it has one. */
  readonly requestKey: number | undefined;
  readonly now: number;
  /** When it may be sent: its scheduled date when that is in the future, else 0. */
  readonly dueDate: number;
}

const REQUEST_COLUMNS = {
  number: "bigint",
  id: "text",
  type: "text",
  provider: "text",
  ca_id: "text",
  subscription_id: "text",
  subscription_number: "text",
  item_id: "text",
  serial_number: "text",
  alternative_code: "text",
  parameters: "text",
  scheduled_date: "bigint",
  process_immediately: "boolean",
  priority: "text",
  expire_date: "bigint",
  request_id: "text",
  body_hash: "text",
  caller_reference: "text",
  on_behalf_of: "text",
  reason: "text",
  retry_of: "text",
  created_date: "bigint",
  created_by: "text",
} as const satisfies Record<string, ColumnType>;

const REQUESTS = new RowShape(REQUEST_COLUMNS, {
  rare: ["expire_date", "caller_reference", "on_behalf_of", "reason", "retry_of"],
  alike: [
    [
      "type",
      "provider",
      "parameters",
      "scheduled_date",
      "process_immediately",
      "priority",
      "created_date",
      "created_by",
    ],
  ],
});

const WAITING_COLUMNS = {
  number: "bigint",
  provider: "text",
  ca_id: "text",
  order_date: "bigint",
  due_date: "bigint",
  lane_rank: "integer",
  expire_date: "bigint",
  pin: "text",
} as const satisfies Record<string, ColumnType>;

const WAITING = new RowShape(WAITING_COLUMNS, {
  rare: ["expire_date", "pin"],
  alike: [["provider", "order_date", "due_date", "lane_rank"]],
});

/** Writes what is known of new requests at their creation. */
export function insertRequests(tx: Tx, requests: readonly NewRequest[]): void {
  const rows = requests.map(
    ({ acceptance, create, destination, number, now }): RowOf<typeof REQUEST_COLUMNS> => {
      return {
        number,
        id: acceptance.id,
        type: destination.command.type,
        provider: destination.provider,
        ca_id: destination.caId,
        subscription_id: destination.subscription.id,
        subscription_number: destination.subscription.number,
        item_id: destination.item.id,
        serial_number: destination.item.serialNumber,
        alternative_code: destination.item.alternativeCode,
        parameters: parametersOf(destination.command),
        scheduled_date: create.scheduledDate ?? now,
        process_immediately: create.processImmediately,
        priority: create.priority,
        expire_date: create.expireDate,
        request_id: create.requestId,
        body_hash: acceptance.bodyHash,
        caller_reference: create.callerReference,
        on_behalf_of: create.onBehalfOf,
        reason: create.reason,
        retry_of: create.retryOf,
        created_date: now,
        created_by: create.createdBy,
      };
    },
  );
  tx.insert("requests", REQUESTS, rows);
  tx.requestIds.note(
    tx,
    requests.map(({ number, requestKey: key }) => ({ number, key })),
  );
}

/** Writes the places of new requests in the queue. */
export function insertWaiting(
  tx: Tx,
  requests: readonly NewRequest[],
  places: ReadonlyMap<number, LanePlace>,
): void {
  const rows = requests.map((request): RowOf<typeof WAITING_COLUMNS> => {
    const { acceptance, create, destination, number, dueDate } = request;
    const place = places.get(number);
    if (place === undefined) throw new Error("a create that joined no lane");
    return {
      number,
      provider: destination.provider,
      ca_id: destination.caId,
      order_date: place.orderDate,
      due_date: dueDate,
      lane_rank: rankOf(create),
      expire_date: create.expireDate,
      pin: acceptance.sealedPin,
    };
  });
  tx.insert("waiting", WAITING, rows);
}
