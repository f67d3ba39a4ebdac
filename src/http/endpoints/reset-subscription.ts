import { z } from "zod";
import { resetSubscription as reset } from "../../calls/reset-subscription.js";
import { endpoint } from "../endpoint.js";
import { requestObject } from "../messages/provisioning-request.js";
import { requestSchema } from "../messages/request-object.js";
import { createShape, readShared } from "./create.js";

const { smartcard_identifier: _, process_immediately: __, ...shape } = createShape;

export const resetSubscription = endpoint({
  method: "POST",
  path: "/provisioning/subscriptions/reset",
  summary: "Reset a subscription",
  description: "Re-authorises every card of the subscription: a request for each, all or none.",
  authenticated: true,
  parameters: z.strictObject(shape).meta({ required: ["subscription_identifier"] }),
  data: z
    .strictObject({
      provisioning_requests: z.array(requestSchema),
      replayed: z
        .boolean()
        .describe("True when an earlier call with the same request_id had stored them."),
    })
    .describe("One request for each card, as they stand."),
  async answer({ create }, call, parameters) {
    const { requests, replayed } = await reset(create, call, (violations) => ({
      ...readShared(violations, call, parameters),
      processImmediately: false,
    }));
    const objects = requests.map((request) => requestObject(request, call.zone));
    return JSON.stringify({ provisioning_requests: objects, replayed });
  },
});
