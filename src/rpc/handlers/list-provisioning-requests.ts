import { pageSize } from "../../calls/fields/page-size.js";
import { type Violations, validate } from "../../calls/fields/violations.js";
import {
  listProvisioningRequests as list,
  requestFilter,
} from "../../calls/list-provisioning-requests.js";
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
import { isNumberCursor, pageCursor, pageToken } from "../validation/page-token.js";
import { optionalSubscriptionIdentifier } from "../validation/subscription-identifier.js";

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
    const { requests, more } = await list(store, page);
    const provisioningRequests = fitting(Message, requests.map(provisioningRequestMessage));
    const last = requests[provisioningRequests.length - 1];
    const complete = !more && provisioningRequests.length === requests.length;
    return {
      provisioningRequests,
      nextPageToken: complete || last === undefined ? "" : pageToken(boundTo(page), last.number),
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
  const { provider, processId, referenceNumber, callerReference, createdBy } = message;
  return requestFilter(violations, {
    lifeCycleStates: message.lifeCycleStates.map((state, i) =>
      enumValue(violations, `life_cycle_states[${i}]`, state, STATES, "PENDING"),
    ),
    types: message.types.map((type, i) =>
      enumValue(violations, `types[${i}]`, type, TYPES, "REAUTHORISE_ALL_SERVICES"),
    ),
    provider,
    subscription: optionalSubscriptionIdentifier(violations, message.subscriptionIdentifier),
    smartcard: optionalSmartcardIdentifier(violations, message.smartcardIdentifier),
    processId,
    referenceNumber,
    callerReference,
    createdBy,
    createdFrom: optionalDate(violations, "created_from", message.createdFrom),
    createdBefore: optionalDate(violations, "created_before", message.createdBefore),
  });
}

/** From the enum's value on the wire back to the word; several values of no meaning are left out. */
function inverted<Word extends string, Value extends StateMessage | CommandTypeMessage>(
  messages: Readonly<Record<Word, Value>>,
): Readonly<Partial<Record<Value, Word>>> {
  const words: Partial<Record<Value, Word>> = {};
  for (const word of Object.keys(messages) as Word[]) words[messages[word]] = word;
  return words;
}
