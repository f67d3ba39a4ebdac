import type { ReauthoriseAllServicesRequest } from "../../gen/provisioning/v1/provisioning_service.js";
import { type ReadCommand, readCreate } from "./create.js";

const COMMAND = { type: "REAUTHORISE_ALL_SERVICES" } as const;

export const readReauthoriseAllServices: ReadCommand<ReauthoriseAllServicesRequest> = (
  violations,
  message,
  createdBy,
  now,
) => ({ create: readCreate(violations, message, COMMAND, createdBy, now), pin: undefined });
