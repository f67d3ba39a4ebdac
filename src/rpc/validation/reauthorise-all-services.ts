import type { ReauthoriseAllServicesRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import { plainCommand, type ReadCommand } from "./create.js";

export const readReauthoriseAllServices: ReadCommand<ReauthoriseAllServicesRequest> = plainCommand({
  type: "REAUTHORISE_ALL_SERVICES",
});
