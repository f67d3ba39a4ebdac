import { z } from "zod";
import { pullReport } from "../../calls/fields/pull-report.js";
import type { Violations } from "../../calls/fields/violations.js";
import { sendResponses } from "../../calls/send-responses.js";
import type { PullReport } from "../../store/pull-store.js";
import { endpoint } from "../endpoint.js";
import { failureStatus } from "../envelope.js";
import { optional, textParameter } from "./parameters.js";
import { readRequestIdentifier } from "./show-provisioning-request.js";

const FIELD = "provisioning_requests_set";
const NAMES = { accepted: "ACCEPTED", rejected: "REJECTED" };

const name = {
  id: textParameter("Id of the request."),
  number: optional(z.int()).describe("Number of the request."),
};
const caIds = optional(z.array(z.string()));

const responseSchema = z.strictObject({
  ...name,
  result: optional(z.enum(["ACCEPTED", "REJECTED"])).describe("What became of it."),
  error_code: textParameter("The CA system's code for the refusal; mandatory for REJECTED."),
  error_description: textParameter("The refusal in words; no PINs, please."),
  reference_number: textParameter("The CA system's reference to the accepted command."),
  services: caIds.describe("The CA system's ids, in answer to GET_ACTIVE_SERVICES."),
  set_top_boxes: caIds.describe("The CA system's ids, in answer to GET_PAIRING_STATUS."),
});

export const sendResponse = endpoint({
  method: "POST",
  path: "/provisioning/generic_provisioning_requests/send_response",
  summary: "Tell what became of requests that were fetched",
  description:
    "Each by id or number. What could not be applied comes back, and hinders nothing else. It is safe to repeat.",
  authenticated: true,
  parameters: z
    .strictObject({
      [FIELD]: optional(z.array(responseSchema)).describe("The answers, 1 to 1,000; JSON only."),
    })
    .meta({ required: [FIELD] }),
  data: z
    .strictObject({
      failed_provisioning_requests_set: z.array(
        z.strictObject({
          index: z.int().describe("Its place in the call, from 0."),
          id: z.string().optional(),
          number: z.int().optional(),
          error_code: z.string().describe("Why it was not applied, as the code of a call."),
          error_description: z.string(),
        }),
      ),
    })
    .describe("What was not applied; empty when all is."),
  async answer({ pull }, _call, parameters) {
    const responses = parameters[FIELD] ?? [];
    const errors = await sendResponses(pull, responses, FIELD, readReport);
    const failed = [...errors]
      .sort(([a], [b]) => a - b)
      .map(([index, error]) => {
        const { code, message } = failureStatus(error);
        const { id, number } = responses[index] ?? {};
        return {
          index,
          id: id ?? undefined,
          number: number ?? undefined,
          error_code: code,
          error_description: message,
        };
      });
    return JSON.stringify({ failed_provisioning_requests_set: failed });
  },
});

function readReport(violations: Violations, response: z.output<typeof responseSchema>): PullReport {
  const { result } = response;
  if (typeof result !== "string") violations.add("result", "is mandatory: ACCEPTED or REJECTED");
  const fields = {
    identifier: readRequestIdentifier(violations, response),
    result: result === "REJECTED" ? ("rejected" as const) : ("accepted" as const),
    errorCode: response.error_code ?? "",
    errorDescription: response.error_description ?? "",
    referenceNumber: response.reference_number ?? "",
    services: response.services ?? [],
    setTopBoxes: response.set_top_boxes ?? [],
  };
  return pullReport(violations, fields, NAMES);
}
