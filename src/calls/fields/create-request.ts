import type {
  CreateRequest,
  SmartcardIdentifier,
  SubscriptionIdentifier,
} from "../../requests/create-request.js";
import type { Priority } from "../../requests/priority.js";
import type { RequestedCommand } from "../../requests/requested-command.js";
import type { SubscriptionReset } from "../../requests/subscription-reset.js";
import { smartcardIdentifier } from "./item-identifier.js";
import { subscriptionIdentifier } from "./subscription-identifier.js";
import { optionalText } from "./text.js";
import { optionalUuid } from "./uuid.js";
import type { Violations } from "./violations.js";

/** The fields of a create that do not name its card, as an edge got them; an empty text was not given. */
export interface SharedFields {
  readonly subscription: SubscriptionIdentifier | undefined;
  readonly processImmediately: boolean;
  /** Dates in milliseconds since 1970. */
  readonly scheduledDate: number | undefined;
  readonly priority: Priority;
  readonly expireDate: number | undefined;
  readonly requestId: string;
  readonly callerReference: string;
  readonly onBehalfOf: string;
  readonly reason: string;
}

/** What the fields common to all creates hold. */
export interface CreateFields extends SharedFields {
  readonly smartcard: SmartcardIdentifier | undefined;
}

/** How far ahead a request may be scheduled: ten years, leap days counted in. */
const FURTHEST_MS = 3653 * 24 * 3600 * 1000;

/**
 * What the fields common to all creates say, each checked, in the order of the messages. `now` is
 * the process's time.
 */
export function createRequest(
  violations: Violations,
  fields: CreateFields,
  command: RequestedCommand,
  createdBy: string,
  now: number,
): CreateRequest {
  // Written out: a spread among so many properties takes V8 several microseconds.
  return {
    command,
    subscription: subscriptionIdentifier(violations, fields.subscription),
    smartcard: smartcardIdentifier(violations, fields.smartcard),
    processImmediately: fields.processImmediately,
    scheduledDate: fields.scheduledDate,
    priority: fields.priority,
    expireDate: fields.expireDate,
    requestId: optionalUuid(violations, "request_id", fields.requestId),
    callerReference: optionalText(violations, "caller_reference", fields.callerReference),
    onBehalfOf: optionalText(violations, "on_behalf_of", fields.onBehalfOf),
    reason: optionalText(violations, "reason", fields.reason),
    retryOf: undefined,
    createdBy,
    outdated: checkDates(violations, fields, now),
  };
}

/** The same of a reset, which names no card. */
export function subscriptionReset(
  violations: Violations,
  fields: SharedFields,
  createdBy: string,
  now: number,
): SubscriptionReset {
  return {
    subscription: subscriptionIdentifier(violations, fields.subscription),
    scheduledDate: fields.scheduledDate,
    priority: fields.priority,
    expireDate: fields.expireDate,
    requestId: optionalUuid(violations, "request_id", fields.requestId),
    callerReference: optionalText(violations, "caller_reference", fields.callerReference),
    onBehalfOf: optionalText(violations, "on_behalf_of", fields.onBehalfOf),
    reason: optionalText(violations, "reason", fields.reason),
    createdBy,
    outdated: checkDates(violations, fields, now),
  };
}

/** What is wrong with the dates of a new create, those of its command included, by now. */
function checkDates(
  violations: Violations,
  fields: SharedFields,
  now: number,
): CreateRequest["outdated"] {
  const { scheduledDate = now, expireDate } = fields;
  if (scheduledDate > now + FURTHEST_MS) {
    violations.add("scheduled_date", "is more than ten years ahead");
  }
  if (fields.processImmediately && scheduledDate > now) {
    violations.add("process_immediately", "excludes a scheduled_date in the future");
  }
  if (expireDate !== undefined && expireDate <= Math.max(now, scheduledDate)) {
    violations.addOutdated("expire_date", "must be after now and after scheduled_date");
  }
  return violations.outdated;
}
