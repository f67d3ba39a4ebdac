import { randomUUID } from "node:crypto";
import { v7 as timeOrderedId } from "uuid";
import {
  ProvisioningRequest_Priority as Priority,
  type ProvisioningRequest_Priority,
} from "../../../src/gen/provisioning/v1/provisioning_request.js";
import {
  ProvisioningServiceService,
  ReauthoriseAllServicesRequest,
} from "../../../src/gen/provisioning/v1/provisioning_service.js";
import { cardId, subscriptionId } from "./cards.js";

/** A kind of call that the generator makes. */
export interface Calls {
  readonly kind: "regular" | "express" | "immediate" | "batch";
  /** Creates in one call. */
  readonly creates: number;
  /** What the request_ids of a batch are: random UUIDs unless it says otherwise. */
  readonly requestIds?: "random" | "time-ordered";
}

const PRIORITIES: Readonly<Record<Calls["kind"], ProvisioningRequest_Priority>> = {
  regular: Priority.PRIORITY_REGULAR,
  express: Priority.PRIORITY_EXPRESS,
  immediate: Priority.PRIORITY_REGULAR,
  batch: Priority.PRIORITY_REGULAR,
};

const FRAME_HEADER_BYTES = 5;
const SINGLE_PATH = ProvisioningServiceService.reauthoriseAllServices.path;

/** What the generated service says of the batch call, once it has it. */
interface BatchMethod {
  readonly path: string;
  readonly requestSerialize: (message: object) => Buffer;
}

/** Undefined while the API has no batch call. */
export function batchMethod(): BatchMethod | undefined {
  const methods: Readonly<Record<string, unknown>> = ProvisioningServiceService;
  return methods.batchCreateProvisioningRequests as BatchMethod | undefined;
}

export function pathOf({ kind }: Calls): string {
  return kind === "batch" ? (batchMethod()?.path ?? "") : SINGLE_PATH;
}

/** Makes the body of a call, framed for gRPC, whose first create is for card `i`. */
export function bodyMaker(calls: Calls, cards: { from: number; to: number }) {
  if (calls.kind === "batch") return batchMaker(calls, cards);
  // Encoded once and patched: the generator shares the machine with what it measures.
  const template = frame(
    Buffer.from(ReauthoriseAllServicesRequest.encode(create(0, calls)).finish()),
  );
  const at = (text: string) => template.indexOf(text);
  const places = { subscription: at(subscriptionId(0)), card: at(cardId(0)), id: at(NO_ID) };
  return (i: number): Buffer => {
    const body = Buffer.from(template);
    const card = cards.from + (i % (cards.to - cards.from));
    body.write(subscriptionId(card), places.subscription, "latin1");
    body.write(cardId(card), places.card, "latin1");
    body.write(randomUUID(), places.id, "latin1");
    return body;
  };
}

function batchMaker(calls: Calls, cards: { from: number; to: number }) {
  const method = batchMethod();
  if (method === undefined) throw new Error("the API has no batch call");
  const newId = calls.requestIds === "time-ordered" ? timeOrderedId : randomUUID;
  return (first: number): Buffer => {
    const items = Array.from({ length: calls.creates }, (_, k) => {
      const card = cards.from + ((first + k) % (cards.to - cards.from));
      const value = { ...create(card, calls), requestId: newId() };
      return { command: { $case: "reauthoriseAllServices", value } };
    });
    return frame(method.requestSerialize({ items }));
  };
}

const NO_ID = "00000000-0000-4000-8000-000000000000";

function create(card: number, { kind }: Calls): ReauthoriseAllServicesRequest {
  return ReauthoriseAllServicesRequest.fromPartial({
    subscriptionIdentifier: { identifier: { $case: "id", value: subscriptionId(card) } },
    smartcardIdentifier: { identifier: { $case: "id", value: cardId(card) } },
    processImmediately: kind === "immediate",
    priority: PRIORITIES[kind],
    requestId: NO_ID,
  });
}

function frame(message: Buffer): Buffer {
  const framed = Buffer.alloc(FRAME_HEADER_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, FRAME_HEADER_BYTES);
  return framed;
}
