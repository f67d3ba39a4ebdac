import type { ServiceReference } from "../../gen/provisioning/v1/service.js";
import type { AnsweredService } from "../../requests/query-answer.js";

/** A service as it goes over the wire. */
export function serviceMessage({ code = "", caId }: AnsweredService): ServiceReference {
  return { code, caId };
}
