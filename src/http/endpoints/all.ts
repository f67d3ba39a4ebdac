import type { Endpoint } from "../endpoint.js";
import { getPending } from "./get-pending.js";
import { listProvisioningRequests } from "./list-provisioning-requests.js";
import { logInWithPassword } from "./log-in.js";
import { reauthoriseAllServices } from "./reauthorise-all-services.js";
import { releaseToken } from "./release-token.js";
import { resetSubscription } from "./reset-subscription.js";
import { sendResponse } from "./send-response.js";
import { setUserParameters } from "./set-user-parameters.js";
import { showProvisioningRequest } from "./show-provisioning-request.js";

/** Every call of the web API, in the order of the documentation. */
export const ENDPOINTS: readonly Endpoint[] = [
  logInWithPassword,
  releaseToken,
  reauthoriseAllServices,
  setUserParameters,
  resetSubscription,
  showProvisioningRequest,
  listProvisioningRequests,
  getPending,
  sendResponse,
];
