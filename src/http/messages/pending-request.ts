import { z } from "zod";
import type { PulledRequest } from "../../pull/pull-desk.js";
import type { TimeZone } from "../../requests/time-zone.js";
import { dateText } from "../dates/date-text.js";
import { requestObject } from "./provisioning-request.js";
import { requestSchema } from "./request-object.js";

/** A request as a third party gets it that is to carry it out. */
export const pendingRequestSchema = requestSchema
  .pick({
    id: true,
    number: true,
    transaction_number: true,
    sequence_number: true,
    type: true,
    parameters: true,
    smartcard: true,
    subscription: true,
    scheduled_date: true,
    created_date: true,
    expire_date: true,
    priority: true,
    process_immediately: true,
  })
  .extend({
    pin: z.string().optional().describe("The PIN that is to be set, if one is."),
    lease_expire_date: z.string().describe("Until then nobody else gets it."),
    handed_out_before: z
      .boolean()
      .describe("Whether it was handed out before, and its lease ended without an answer."),
  })
  .describe("A request to be carried out.");

/** A claimed request, its PIN in the clear. */
export function pendingRequestObject(
  { request, pin, handedOutBefore }: PulledRequest,
  leaseExpireDate: number,
  zone: TimeZone,
): z.output<typeof pendingRequestSchema> {
  const all = requestObject(request, zone);
  return {
    id: all.id,
    number: all.number,
    transaction_number: all.transaction_number,
    sequence_number: all.sequence_number,
    type: all.type,
    parameters: all.parameters,
    pin,
    smartcard: all.smartcard,
    subscription: all.subscription,
    scheduled_date: all.scheduled_date,
    created_date: all.created_date,
    expire_date: all.expire_date,
    lease_expire_date: dateText(leaseExpireDate, zone),
    priority: all.priority,
    process_immediately: all.process_immediately,
    handed_out_before: handedOutBefore,
  };
}
