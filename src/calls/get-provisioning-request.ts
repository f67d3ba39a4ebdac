import type { ProvisioningRequest } from "../requests/provisioning-request.js";
import { ServiceError } from "../requests/service-error.js";
import type { RequestIdentifier, RequestStore } from "../store/request-store.js";

/** The request that has this name; fails with PROVISIONING_REQUEST_NOT_FOUND. */
export async function getProvisioningRequest(
  store: Pick<RequestStore, "get">,
  identifier: RequestIdentifier,
): Promise<ProvisioningRequest> {
  const request = await store.get(identifier);
  if (request === undefined) throw requestNotFound(identifier);
  return request;
}

/** What a call is told that names a provisioning request which is not there. */
export function requestNotFound({ by, value }: RequestIdentifier): ServiceError {
  return ServiceError.of("PROVISIONING_REQUEST_NOT_FOUND", {
    field: by,
    description: `no provisioning request has this ${by}`,
    resource: { type: "provisioning_request", name: String(value) },
  });
}
