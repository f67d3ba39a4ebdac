import type { CreateDeps } from "../../accept/create-and-wait.js";
import type {
  ReauthoriseAllServicesRequest,
  ReauthoriseAllServicesResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { UnaryHandler } from "../unary.js";
import { readReauthoriseAllServices } from "../validation/reauthorise-all-services.js";
import { createHandler } from "./create.js";

export function reauthoriseAllServices(
  deps: CreateDeps,
): UnaryHandler<ReauthoriseAllServicesRequest, ReauthoriseAllServicesResponse> {
  return createHandler(deps, readReauthoriseAllServices);
}
