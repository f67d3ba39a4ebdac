import { createRequest, type SharedFields } from "../../calls/fields/create-request.js";
import type { Violations } from "../../calls/fields/violations.js";
import {
  ProvisioningRequest_Priority as PriorityMessage,
  type ProvisioningRequest_Priority,
} from "../../gen/provisioning/v1/provisioning_request.js";
import type { ReauthoriseAllServicesRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import type { CreateRequest, CreateWithPin } from "../../requests/create-request.js";
import type { Priority } from "../../requests/priority.js";
import type { RequestedCommand } from "../../requests/requested-command.js";
import { optionalDate } from "./date.js";
import { enumValue } from "./enum-value.js";
import { namedItem } from "./item-identifier.js";
import { namedSubscription } from "./subscription-identifier.js";

/** The fields that every create has, whatever its command. */
export type CreateFields = ReauthoriseAllServicesRequest;

/** Those that do not name a card. */
type SharedMessage = Omit<CreateFields, "smartcardIdentifier">;

/** Reads the message of a command's rpc: who creates it, and the process's time, are given. */
export type ReadCommand<Message> = (
  violations: Violations,
  message: Message,
  createdBy: string,
  now: number,
) => CreateWithPin;

const PRIORITIES: Readonly<Partial<Record<ProvisioningRequest_Priority, Priority>>> = {
  [PriorityMessage.PRIORITY_UNSPECIFIED]: "REGULAR",
  [PriorityMessage.PRIORITY_REGULAR]: "REGULAR",
  [PriorityMessage.PRIORITY_EXPRESS]: "EXPRESS",
};

/** What the fields common to all creates say, each checked. `now` is the process's time. */
export function readCreate(
  violations: Violations,
  message: CreateFields,
  command: RequestedCommand,
  createdBy: string,
  now: number,
): CreateRequest {
  // Written out: a spread among so many properties takes V8 several microseconds.
  const fields = {
    subscription: namedSubscription(message.subscriptionIdentifier),
    smartcard: namedItem(message.smartcardIdentifier),
    processImmediately: message.processImmediately,
    scheduledDate: optionalDate(violations, "scheduled_date", message.scheduledDate),
    priority: enumValue(violations, "priority", message.priority, PRIORITIES, "REGULAR"),
    expireDate: optionalDate(violations, "expire_date", message.expireDate),
    requestId: message.requestId,
    callerReference: message.callerReference,
    onBehalfOf: message.onBehalfOf,
    reason: message.reason,
  };
  return createRequest(violations, fields, command, createdBy, now);
}

/** Reads the message of a command that has no fields of its own. */
export function plainCommand(command: RequestedCommand): ReadCommand<CreateFields> {
  return (violations, message, createdBy, now) => ({
    create: readCreate(violations, message, command, createdBy, now),
    pin: undefined,
  });
}

/** What the fields of a create that do not name its card hold. */
export function readShared(violations: Violations, message: SharedMessage): SharedFields {
  return {
    subscription: namedSubscription(message.subscriptionIdentifier),
    processImmediately: message.processImmediately,
    scheduledDate: optionalDate(violations, "scheduled_date", message.scheduledDate),
    priority: enumValue(violations, "priority", message.priority, PRIORITIES, "REGULAR"),
    expireDate: optionalDate(violations, "expire_date", message.expireDate),
    requestId: message.requestId,
    callerReference: message.callerReference,
    onBehalfOf: message.onBehalfOf,
    reason: message.reason,
  };
}
