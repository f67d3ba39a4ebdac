import type { CommandType as CommandTypeMessage } from "../../gen/provisioning/v1/command.js";
import {
  ProvisioningRequest as Message,
  type ProvisioningRequest_LifeCycleState as StateMessage,
  ProvisioningRequest_View as View,
} from "../../gen/provisioning/v1/provisioning_request.js";
import type {
  ListProvisioningRequestsRequest,
  ListProvisioningRequestsResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { RequestFilter, RequestPage, RequestStore } from "../../store/request-store.js";
import { fitting } from "../messages/fitting.js";
import {
  COMMAND_TYPE_MESSAGES,
  LIFE_CYCLE_STATE_MESSAGES,
  provisioningRequestMessage,
} from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { optionalDate } from "../validation/date.js";
import { enumValue } from "../validation/enum-value.js";
import { optionalSmartcardIdentifier } from "../validation/item-identifier.js";
import { pageSize } from "../validation/page-size.js";
import { isNumberCursor, pageCursor, pageToken } from "../validation/page-token.js";
import { optionalSubscriptionIdentifier } from "../validation/subscription-identifier.js";
import { optionalText } from "../validation/text.js";
import { type Violations, validate } from "../validation/violations.js";

const STATES = inverted(LIFE_CYCLE_STATE_MESSAGES);
const TYPES = inverted(COMMAND_TYPE_MESSAGES);
const VIEWS: Readonly<Partial<Record<View, boolean>>> = {
  [View.VIEW_UNSPECIFIED]: false,
  [View.VIEW_BASIC]: false,
  [View.VIEW_FULL]: true,
};

export function listProvisioningRequests(
  store: RequestStore,
): UnaryHandler<ListProvisioningRequestsRequest, ListProvisioningRequestsResponse> {
  return async (_call, message) => {
    const page = validate((violations) => readPage(violations, message));
    // One more than the page holds tells whether there is another page.
    const found = await store.list({ ...page, limit: page.limit + 1 });
    const messages = found.slice(0, page.limit).map(provisioningRequestMessage);
    const provisioningRequests = fitting(Message, messages);
    const last = found[provisioningRequests.length - 1];
    const complete = provisioningRequests.length === found.length || last === undefined;
    return {
      provisioningRequests,
      nextPageToken: complete ? "" : pageToken(boundTo(page), last.number),
    };
  };
}

function readPage(violations: Violations, message: ListProvisioningRequestsRequest): RequestPage {
  const filter = readFilter(violations, message);
  const { oldestFirst } = message;
  return {
    filter,
    limit: pageSize(violations, message.pageSize),
    oldestFirst,
    after: pageCursor(
      violations,
      message.pageToken,
      boundTo({ filter, oldestFirst }),
      isNumberCursor,
    ),
    full: enumValue(violations, "view", message.view, VIEWS, false),
  };
}

/** What a page token is bound to: the view and the size of the next page may be others. */
function boundTo({ filter, oldestFirst }: Pick<RequestPage, "filter" | "oldestFirst">): object {
  return { filter, oldestFirst };
}

function readFilter(
  violations: Violations,
  message: ListProvisioningRequestsRequest,
): RequestFilter {
  const date = (field: string, value: ListProvisioningRequestsRequest["createdFrom"]) =>
    optionalDate(violations, field, value);
  const text = (field: string, value: string) => optionalText(violations, field, value);
  const wanted = {
    lifeCycleStates: message.lifeCycleStates.map((state, i) =>
      enumValue(violations, `life_cycle_states[${i}]`, state, STATES, "PENDING"),
    ),
    types: message.types.map((type, i) =>
      enumValue(violations, `types[${i}]`, type, TYPES, "REAUTHORISE_ALL_SERVICES"),
    ),
    provider: text("provider", message.provider),
    subscription: optionalSubscriptionIdentifier(violations, message.subscriptionIdentifier),
    smartcard: optionalSmartcardIdentifier(violations, message.smartcardIdentifier),
    processId: text("process_id", message.processId),
    referenceNumber: text("reference_number", message.referenceNumber),
    callerReference: text("caller_reference", message.callerReference),
    createdBy: text("created_by", message.createdBy),
    createdFrom: date("created_from", message.createdFrom),
    createdBefore: date("created_before", message.createdBefore),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  ) as RequestFilter;
}

/** From the enum's value on the wire back to the word; several values of no meaning are left out. */
function inverted<Word extends string, Value extends StateMessage | CommandTypeMessage>(
  messages: Readonly<Record<Word, Value>>,
): Readonly<Partial<Record<Value, Word>>> {
  const words: Partial<Record<Value, Word>> = {};
  for (const word of Object.keys(messages) as Word[]) words[messages[word]] = word;
  return words;
}
