import type { PullReport } from "../../store/pull-store.js";
import type { RequestIdentifier } from "../../store/request-store.js";
import { requiredIdentifier } from "./identifier.js";
import { optionalText } from "./text.js";
import type { Violations } from "./violations.js";

const MAX_CODE = 64;
const MAX_DESCRIPTION = 1000;
const MAX_LISTED = 1000;

/** An answer to a request that was fetched, as an edge got it; an empty text was not given. */
export interface ReportFields {
  /** Checked already. */
  readonly identifier: RequestIdentifier;
  readonly result: "accepted" | "rejected";
  readonly errorCode: string;
  readonly errorDescription: string;
  readonly referenceNumber: string;
  readonly services: readonly string[];
  readonly setTopBoxes: readonly string[];
}

/** An answer, each of its fields checked. `names`: the results as the edge's callers write them. */
export function pullReport(
  violations: Violations,
  fields: ReportFields,
  names: Readonly<Record<ReportFields["result"], string>>,
): PullReport {
  const { identifier, result: kind } = fields;
  const code = optionalText(violations, "error_code", fields.errorCode, MAX_CODE);
  const text = optionalText(
    violations,
    "error_description",
    fields.errorDescription,
    MAX_DESCRIPTION,
  );
  const reference = optionalText(violations, "reference_number", fields.referenceNumber);
  const services = caIds(violations, "services", fields.services);
  const setTopBoxes = caIds(violations, "set_top_boxes", fields.setTopBoxes);
  const misplaced = (misplacedFields: Record<string, unknown>) => {
    for (const [field, value] of Object.entries(misplacedFields)) {
      if (value !== undefined) violations.add(field, `cannot be given with ${names[kind]}`);
    }
  };
  switch (kind) {
    case "accepted": {
      misplaced({ error_code: code, error_description: text });
      const outcome = { kind, reference: reference ?? "" } as const;
      return { identifier, outcome, services, setTopBoxes };
    }
    case "rejected": {
      if (code === undefined) violations.add("error_code", `is mandatory with ${names[kind]}`);
      misplaced({
        reference_number: reference,
        services: services.length === 0 ? undefined : services,
        set_top_boxes: setTopBoxes.length === 0 ? undefined : setTopBoxes,
      });
      const outcome = { kind, code: code ?? "", text: text ?? "" } as const;
      return { identifier, outcome, services, setTopBoxes };
    }
  }
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
