import type { Violations } from "../../calls/fields/violations.js";
import type {
  AuthoriseServicesRequest,
  CancelServicesRequest,
  GetActiveServicesRequest,
} from "../../gen/provisioning/v1/service_commands.js";
import { plainCommand, type ReadCommand, readCreate } from "./create.js";
import { optionalDate } from "./date.js";
import { requiredServices } from "./services.js";

export const readAuthoriseServices: ReadCommand<AuthoriseServicesRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const command = {
    type: "AUTHORISE_SERVICES",
    services: requiredServices(violations, message.services),
    ...readPeriod(violations, message, now),
  } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};

export const readCancelServices: ReadCommand<CancelServicesRequest> = (
  violations,
  message,
  createdBy,
  now,
) => {
  const services = requiredServices(violations, message.services);
  const command = { type: "CANCEL_SERVICES", services } as const;
  return { create: readCreate(violations, message, command, createdBy, now), pin: undefined };
};

export const readGetActiveServices: ReadCommand<GetActiveServicesRequest> = plainCommand({
  type: "GET_ACTIVE_SERVICES",
});

function readPeriod(
  violations: Violations,
  { startDate, endDate }: AuthoriseServicesRequest,
  now: number,
): { start?: number; end?: number } {
  const start = optionalDate(violations, "start_date", startDate);
  const end = optionalDate(violations, "end_date", endDate);
  if (end !== undefined && end <= Math.max(now, start ?? now)) {
    violations.addOutdated("end_date", "must be after now and after start_date");
  }
  return { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}
