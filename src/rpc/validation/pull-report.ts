import { requiredIdentifier } from "../../calls/fields/identifier.js";
import { optionalText } from "../../calls/fields/text.js";
import { type Violations, validate } from "../../calls/fields/violations.js";
import {
  type SendResponsesRequest_Response as Message,
  SendResponsesRequest_Result as Result,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullReport } from "../../store/pull-store.js";
import { enumValue } from "./enum-value.js";
import { requiredRequestIdentifier } from "./request-identifier.js";

const MAX_CODE = 64;
const MAX_DESCRIPTION = 1000;
const MAX_LISTED = 1000;

const RESULTS = {
  [Result.RESULT_ACCEPTED]: "accepted",
  [Result.RESULT_REJECTED]: "rejected",
} as const;

/** An answer, each of its fields checked; fails with all that is wrong with it. */
export function readPullReport(message: Message): PullReport {
  return validate((violations) => {
    const identifier = requiredRequestIdentifier(violations, message);
    const kind = enumValue(violations, "result", message.result, RESULTS, "accepted");
    const code = optionalText(violations, "error_code", message.errorCode, MAX_CODE);
    const text = optionalText(
      violations,
      "error_description",
      message.errorDescription,
      MAX_DESCRIPTION,
    );
    const reference = optionalText(violations, "reference_number", message.referenceNumber);
    const services = caIds(violations, "services", message.services);
    const setTopBoxes = caIds(violations, "set_top_boxes", message.setTopBoxes);
    const misplaced = (fields: Record<string, unknown>, result: string) => {
      for (const [field, value] of Object.entries(fields)) {
        if (value !== undefined) violations.add(field, `cannot be given with ${result}`);
      }
    };
    switch (kind) {
      case "accepted": {
        misplaced({ error_code: code, error_description: text }, "RESULT_ACCEPTED");
        const outcome = { kind, reference: reference ?? "" } as const;
        return { identifier, outcome, services, setTopBoxes };
      }
      case "rejected": {
        if (code === undefined) violations.add("error_code", "is mandatory with RESULT_REJECTED");
        misplaced({ reference_number: reference }, "RESULT_REJECTED");
        const lists = {
          services: services.length === 0 ? undefined : services,
          set_top_boxes: setTopBoxes.length === 0 ? undefined : setTopBoxes,
        };
        misplaced(lists, "RESULT_REJECTED");
        const outcome = { kind, code: code ?? "", text: text ?? "" } as const;
        return { identifier, outcome, services, setTopBoxes };
      }
    }
  });
}

function caIds(
  violations: Violations,
  field: string,
  values: readonly string[],
): readonly string[] {
  if (values.length > MAX_LISTED) {
    violations.add(field, `must be at most ${MAX_LISTED}, and are ${values.length}`);
    return [];
  }
  return values.map((value, i) => requiredIdentifier(violations, `${field}[${i}]`, value));
}
