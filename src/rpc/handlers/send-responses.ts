import { validate } from "../../calls/fields/violations.js";
import type {
  SendResponsesResponse_Failure as Failure,
  SendResponsesRequest,
  SendResponsesResponse,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullDesk } from "../../pull/pull-desk.js";
import { ServiceError } from "../../requests/service-error.js";
import type { PullReport } from "../../store/pull-store.js";
import { rpcStatus } from "../rpc-status.js";
import type { UnaryHandler } from "../unary.js";
import { batchSize } from "../validation/batch-size.js";
import { readPullReport } from "../validation/pull-report.js";

/** SendResponses: a fault of an answer is a failure of that one, not of the call. */
export function sendResponses(
  desk: Pick<PullDesk, "answer">,
): UnaryHandler<SendResponsesRequest, SendResponsesResponse> {
  return async (_call, { responses }) => {
    validate((violations) => batchSize(violations, "responses", responses));
    const errors = new Map<number, ServiceError>();
    const sound: { readonly index: number; readonly report: PullReport }[] = [];
    for (const [index, response] of responses.entries()) {
      try {
        sound.push({ index, report: readPullReport(response) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        errors.set(index, error);
      }
    }
    const faults = await desk.answer(sound.map(({ report }) => report));
    for (const [i, fault] of faults.entries()) {
      const index = sound[i]?.index;
      if (fault !== undefined && index !== undefined) errors.set(index, new ServiceError([fault]));
    }
    return {
      failures: responses.flatMap(({ identifier }, index): Failure[] => {
        const error = errors.get(index);
        return error === undefined ? [] : [{ index, identifier, status: rpcStatus(error) }];
      }),
    };
  };
}
