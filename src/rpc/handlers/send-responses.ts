import { sendResponses as send } from "../../calls/send-responses.js";
import type {
  SendResponsesResponse_Failure as Failure,
  SendResponsesRequest,
  SendResponsesResponse,
} from "../../gen/provisioning/v1/pull_service.js";
import type { PullDesk } from "../../pull/pull-desk.js";
import { rpcStatus } from "../rpc-status.js";
import type { UnaryHandler } from "../unary.js";
import { readPullReport } from "../validation/pull-report.js";

export function sendResponses(
  desk: Pick<PullDesk, "answer">,
): UnaryHandler<SendResponsesRequest, SendResponsesResponse> {
  return async (_call, { responses }) => {
    const errors = await send(desk, responses, "responses", readPullReport);
    return {
      failures: responses.flatMap(({ identifier }, index): Failure[] => {
        const error = errors.get(index);
        return error === undefined ? [] : [{ index, identifier, status: rpcStatus(error) }];
      }),
    };
  };
}
