import { credentials, Metadata } from "@grpc/grpc-js";
import { ErrorInfo } from "../../src/gen/google/rpc/error_details.js";
import { Status } from "../../src/gen/google/rpc/status.js";
import {
  ClaimPendingRequest,
  type ClaimPendingResponse,
  type SendResponsesResponse_Failure as Failure,
  type ClaimPendingResponse_PendingRequest as PendingRequest,
  PullServiceClient,
  SendResponsesRequest_Response as Response,
  SendResponsesRequest_Result as Result,
} from "../../src/gen/provisioning/v1/pull_service.js";
import { call } from "./rpc-client.js";
import { PROVIDER } from "./world/stock.js";

/** What a test says of a claim. */
export interface PullWanted {
  readonly provider?: string;
  readonly limit?: number;
  readonly leaseMs?: number;
}

/** A third party's loop, at one instance. */
export class PullCalls {
  readonly #client: PullServiceClient;

  constructor(address: string) {
    this.#client = new PullServiceClient(address, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  claimPending(message: Partial<ClaimPendingRequest> = {}): Promise<ClaimPendingResponse> {
    const whole = { ...ClaimPendingRequest.fromPartial({}), provider: PROVIDER, ...message };
    return call(this.#client, this.#client.claimPending, whole, { metadata: new Metadata() });
  }

  async claim({
    provider = PROVIDER,
    limit = 0,
    leaseMs,
  }: PullWanted = {}): Promise<PendingRequest[]> {
    const leaseDuration =
      leaseMs === undefined
        ? undefined
        : { seconds: BigInt(Math.floor(leaseMs / 1000)), nanos: (leaseMs % 1000) * 1_000_000 };
    return (await this.claimPending({ provider, numberOfResults: limit, leaseDuration }))
      .pendingRequests;
  }

  async send(...responses: Response[]): Promise<Failure[]> {
    const metadata = new Metadata();
    const { sendResponses } = this.#client;
    return (await call(this.#client, sendResponses, { responses }, { metadata })).failures;
  }

  close(): void {
    this.#client.close();
  }
}

type Named = Pick<PendingRequest, "number">;

export function acceptedAnswer({ number }: Named, more: Partial<Response> = {}): Response {
  return {
    ...Response.fromPartial({}),
    identifier: { $case: "number", value: number },
    result: Result.RESULT_ACCEPTED,
    referenceNumber: `T-${number}`,
    ...more,
  };
}

export function rejectedAnswer({ number }: Named, more: Partial<Response> = {}): Response {
  return {
    ...Response.fromPartial({}),
    identifier: { $case: "number", value: number },
    result: Result.RESULT_REJECTED,
    errorCode: "17",
    errorDescription: "no such card",
    ...more,
  };
}

/** The place and the reason of each failure. */
export function reasonsOf(failures: readonly Failure[]): [number, string][] {
  return failures.map(({ index, status }) => {
    const info = Status.fromPartial(status ?? {}).details.find(({ typeUrl }) =>
      typeUrl.endsWith("google.rpc.ErrorInfo"),
    );
    return [index, info === undefined ? "" : ErrorInfo.decode(info.value).reason];
  });
}
