import { z } from "zod";
import { claimPending } from "../../calls/claim-pending.js";
import { endpoint } from "../endpoint.js";
import { pendingRequestObject, pendingRequestSchema } from "../messages/pending-request.js";
import { optional, textParameter } from "./parameters.js";

export const getPending = endpoint({
  method: "GET",
  path: "/provisioning/generic_provisioning_requests/get_pending",
  summary: "Fetch pending requests of a provider that is not dialled",
  description:
    "Leases what is due to the caller, 50 at most: nobody else gets it until the lease ends or it is answered. What is leased is not listed again, so that offset is taken and not looked at: the next call gets the next requests.",
  authenticated: true,
  parameters: z
    .strictObject({
      provider: textParameter("Name of the provider."),
      number_of_results: optional(z.int()).describe("At most so many: 50 when 0 or not given."),
      offset: optional(z.int().nonnegative()).describe("Not looked at."),
      lease_duration: optional(z.int()).describe("In seconds, 1 to 3,600; 60 when not given."),
    })
    .meta({ required: ["provider"] }),
  data: z
    .strictObject({
      provisioning_requests: z.array(pendingRequestSchema),
      lease_id: z.string().optional().describe("The lease, unless nothing was claimed."),
      waiting_for: z
        .enum(["PROVIDER_NOT_EFFECTIVE", "CAPACITY"])
        .optional()
        .describe("What holds requests back, if anything does."),
    })
    .describe("What to carry out, in this order; those of one subscription stand together."),
  async answer({ pull }, call, parameters) {
    const seconds = parameters.lease_duration;
    const claimed = await claimPending(pull, call, {
      provider: parameters.provider ?? "",
      numberOfResults: parameters.number_of_results ?? 0,
      leaseMs: typeof seconds === "number" ? seconds * 1000 : undefined,
    });
    const end = claimed.lease?.expireDate ?? 0;
    return JSON.stringify({
      provisioning_requests: claimed.requests.map((request) =>
        pendingRequestObject(request, end, call.zone),
      ),
      lease_id: claimed.lease?.id,
      waiting_for: claimed.heldBackBy,
    });
  },
});
