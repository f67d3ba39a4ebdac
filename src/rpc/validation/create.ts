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
import { requiredSmartcardIdentifier } from "./item-identifier.js";
import { requiredSubscriptionIdentifier } from "./subscription-identifier.js";
import { optionalText } from "./text.js";
import { optionalUuid } from "./uuid.js";
import type { Violations } from "./violations.js";

/** The fields that every create has, whatever its command. */
export type CreateFields = ReauthoriseAllServicesRequest;

type SharedFields = Omit<CreateRequest, "command" | "smartcard" | "processImmediately" | "retryOf">;

/** Reads the message of a command's rpc: who creates it, and the process's time, are given. */
export type ReadCommand<Message> = (
  violations: Violations,
  message: Message,
  createdBy: string,
  now: number,
) => CreateWithPin;

/** How far ahead a request may be scheduled: ten years, leap days counted in. */
const FURTHEST_MS = 3653 * 24 * 3600 * 1000;

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
  return {
    command,
    smartcard: requiredSmartcardIdentifier(violations, message.smartcardIdentifier),
    processImmediately: message.processImmediately,
    ...readSharedFields(violations, message, createdBy, now),
    retryOf: undefined,
  };
}

/** The same of what does not name a card. */
export function readSharedFields(
  violations: Violations,
  message: Omit<CreateFields, "smartcardIdentifier">,
  createdBy: string,
  now: number,
): SharedFields {
  const fields: SharedFields = {
    subscription: requiredSubscriptionIdentifier(violations, message.subscriptionIdentifier),
    scheduledDate: optionalDate(violations, "scheduled_date", message.scheduledDate),
    priority: enumValue(violations, "priority", message.priority, PRIORITIES, "REGULAR"),
    expireDate: optionalDate(violations, "expire_date", message.expireDate),
    requestId: optionalUuid(violations, "request_id", message.requestId),
    callerReference: optionalText(violations, "caller_reference", message.callerReference),
    onBehalfOf: optionalText(violations, "on_behalf_of", message.onBehalfOf),
    reason: optionalText(violations, "reason", message.reason),
    createdBy,
  };
  checkDates(violations, { ...fields, processImmediately: message.processImmediately }, now);
  return fields;
}

/** Reads the message of a command that has no fields of its own. */
export function plainCommand(command: RequestedCommand): ReadCommand<CreateFields> {
  return (violations, message, createdBy, now) => ({
    create: readCreate(violations, message, command, createdBy, now),
    pin: undefined,
  });
}

function checkDates(
  violations: Violations,
  create: Pick<CreateRequest, "scheduledDate" | "expireDate" | "processImmediately">,
  now: number,
): void {
  const { scheduledDate = now, expireDate } = create;
  if (scheduledDate > now + FURTHEST_MS) {
    violations.add("scheduled_date", "is more than ten years ahead");
  }
  if (create.processImmediately && scheduledDate > now) {
    violations.add("process_immediately", "excludes a scheduled_date in the future");
  }
  if (expireDate !== undefined && expireDate <= Math.max(now, scheduledDate)) {
    violations.add("expire_date", "must be after now and after scheduled_date");
  }
}
