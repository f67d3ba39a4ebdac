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

type SharedFields = Pick<
  CreateRequest,
  | "scheduledDate"
  | "priority"
  | "expireDate"
  | "requestId"
  | "callerReference"
  | "onBehalfOf"
  | "reason"
>;

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
  const subscription = requiredSubscriptionIdentifier(violations, message.subscriptionIdentifier);
  const smartcard = requiredSmartcardIdentifier(violations, message.smartcardIdentifier);
  const shared = readShared(violations, message, now);
  // Written out: a spread among so many properties takes V8 several microseconds.
  return {
    command,
    subscription,
    smartcard,
    processImmediately: message.processImmediately,
    scheduledDate: shared.scheduledDate,
    priority: shared.priority,
    expireDate: shared.expireDate,
    requestId: shared.requestId,
    callerReference: shared.callerReference,
    onBehalfOf: shared.onBehalfOf,
    reason: shared.reason,
    retryOf: undefined,
    createdBy,
  };
}

/** What every create says besides whom it is for. */
export function readShared(
  violations: Violations,
  message: Omit<CreateFields, "subscriptionIdentifier" | "smartcardIdentifier">,
  now: number,
): SharedFields {
  const { processImmediately } = message;
  const shared: SharedFields = {
    scheduledDate: optionalDate(violations, "scheduled_date", message.scheduledDate),
    priority: enumValue(violations, "priority", message.priority, PRIORITIES, "REGULAR"),
    expireDate: optionalDate(violations, "expire_date", message.expireDate),
    requestId: optionalUuid(violations, "request_id", message.requestId),
    callerReference: optionalText(violations, "caller_reference", message.callerReference),
    onBehalfOf: optionalText(violations, "on_behalf_of", message.onBehalfOf),
    reason: optionalText(violations, "reason", message.reason),
  };
  checkDates(violations, shared, processImmediately, now);
  return shared;
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
  { scheduledDate: given, expireDate }: SharedFields,
  processImmediately: boolean,
  now: number,
): void {
  const scheduledDate = given ?? now;
  if (scheduledDate > now + FURTHEST_MS) {
    violations.add("scheduled_date", "is more than ten years ahead");
  }
  if (processImmediately && scheduledDate > now) {
    violations.add("process_immediately", "excludes a scheduled_date in the future");
  }
  if (expireDate !== undefined && expireDate <= Math.max(now, scheduledDate)) {
    violations.add("expire_date", "must be after now and after scheduled_date");
  }
}
