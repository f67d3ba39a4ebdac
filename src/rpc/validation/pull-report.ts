import { pullReport } from "../../calls/fields/pull-report.js";
import type { Violations } from "../../calls/fields/violations.js";
import {
  type SendResponsesRequest_Response as Message,
  SendResponsesRequest_Result as Result,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullReport } from "../../store/pull-store.js";
import { enumValue } from "./enum-value.js";
import { requiredRequestIdentifier } from "./request-identifier.js";

const RESULTS = {
  [Result.RESULT_ACCEPTED]: "accepted",
  [Result.RESULT_REJECTED]: "rejected",
} as const;

const NAMES = { accepted: Result.RESULT_ACCEPTED, rejected: Result.RESULT_REJECTED };

/** An answer, each of its fields checked. */
export function readPullReport(violations: Violations, message: Message): PullReport {
  const fields = {
    ...message,
    identifier: requiredRequestIdentifier(violations, message),
    result: enumValue(violations, "result", message.result, RESULTS, "accepted"),
  } as const;
  return pullReport(violations, fields, NAMES);
}
