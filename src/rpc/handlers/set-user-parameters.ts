import type { CreateDeps } from "../../accept/create-and-wait.js";
import type {
  SetUserParametersRequest,
  SetUserParametersResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import type { UnaryHandler } from "../unary.js";
import { readSetUserParameters } from "../validation/set-user-parameters.js";
import { createHandler } from "./create.js";

export function setUserParameters(
  deps: CreateDeps,
): UnaryHandler<SetUserParametersRequest, SetUserParametersResponse> {
  return createHandler(deps, readSetUserParameters);
}
