import type { CommandType } from "../requests/command.js";
import type { SmartcardIdentifier, SubscriptionIdentifier } from "../requests/create-request.js";
import type { LifeCycleState } from "../requests/life-cycle.js";
import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import type { RequestFilter, RequestPage, RequestStore } from "../store/request-store.js";
import { optionalText } from "./fields/text.js";
import type { Violations } from "./fields/violations.js";

/** What a list is narrowed to, as an edge got it; an empty text was not given. */
export interface FilterFields {
  readonly lifeCycleStates: readonly LifeCycleState[];
  readonly types: readonly CommandType[];
  readonly provider: string;
  /** Checked already. */
  readonly subscription: SubscriptionIdentifier | undefined;
  readonly smartcard: SmartcardIdentifier | undefined;
  readonly processId: string;
  readonly referenceNumber: string;
  readonly callerReference: string;
  readonly createdBy: string;
  readonly createdFrom: number | undefined;
  readonly createdBefore: number | undefined;
}

/** The filter that the fields of a list make, each checked. */
export function requestFilter(violations: Violations, fields: FilterFields): RequestFilter {
  const text = (field: string, value: string) => optionalText(violations, field, value);
  const wanted = {
    ...fields,
    provider: text("provider", fields.provider),
    processId: text("process_id", fields.processId),
    referenceNumber: text("reference_number", fields.referenceNumber),
    callerReference: text("caller_reference", fields.callerReference),
    createdBy: text("created_by", fields.createdBy),
  };
  return Object.fromEntries(
    Object.entries(wanted).filter(([, value]) => value !== undefined),
  ) as RequestFilter;
}

/** A page of requests, and whether there are more after it. */
export async function listProvisioningRequests(
  store: Pick<RequestStore, "list">,
  page: RequestPage,
): Promise<{ requests: ProvisioningRequest[]; more: boolean }> {
  // One more than the page holds tells whether there is another page.
  const found = await store.list({ ...page, limit: page.limit + 1 });
  return { requests: found.slice(0, page.limit), more: found.length > page.limit };
}
