import { setTimeout as wait } from "node:timers/promises";
import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { hasTokenCharacters } from "../auth/token.js";
import { ErrorInfo } from "../gen/google/rpc/error_details.js";
import type { Status } from "../gen/google/rpc/status.js";
import {
  UpsertSubscriptionsResponse_Change as ChangeMessage,
  InventoryServiceClient,
  type UpsertSubscriptionsResponse_Result as Result,
  type UpsertSubscriptionsRequest,
  type UpsertSubscriptionsResponse,
} from "../gen/provisioning/v1/inventory_service.js";
import type { Change } from "../inventory/upsert-outcome.js";
import { draftMessage } from "../rpc/messages/subscription.js";
import type { ImportTarget, LineResult } from "./import-target.js";
import { storedResult } from "./stored-result.js";
import { Unreachable } from "./unreachable.js";
import { UnusableInput } from "./unusable-input.js";

export interface RemoteOptions {
  /** `host:port` of a service. */
  readonly address: string;
  /** That of PROVISIONING_TOKEN; undefined for a service that asks for none. */
  readonly token: string | undefined;
}

const CALL_MS = 120_000;
/** How often an overloaded service is asked again, a little later each time. */
const ATTEMPTS = 10;
const PAUSE_MS = 500;

/**
 * Imports into a service, through its own UpsertSubscriptions. Throws `UnusableInput` for what can
 * be no token.
 */
export function remoteTarget({ address, token }: RemoteOptions): ImportTarget {
  // grpc-js would tell of such characters with the whole token.
  if (token !== undefined && !hasTokenCharacters(token)) {
    throw new UnusableInput("PROVISIONING_TOKEN holds characters that no token has");
  }
  const client = new InventoryServiceClient(address, credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);

  function call(request: UpsertSubscriptionsRequest): Promise<UpsertSubscriptionsResponse> {
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + CALL_MS };
      client.upsertSubscriptions(request, metadata, options, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });
  }

  return {
    async upsert(drafts) {
      const request = { subscriptions: drafts.map(draftMessage), detachUnlistedItems: false };
      for (let attempt = 1; ; attempt += 1) {
        try {
          return (await call(request)).results.map(lineResult);
        } catch (error) {
          const { code, details } = error as ServiceError;
          // Nothing was stored; after any other failure something may have been, and the counts
          // of a second attempt would be wrong.
          if (code === status.RESOURCE_EXHAUSTED && attempt < ATTEMPTS) {
            await wait(PAUSE_MS * attempt);
            continue;
          }
          const gone = code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED;
          const message = `${address} answered ${status[code] ?? code}: ${details}`;
          throw gone ? new Unreachable(message) : new Error(message);
        }
      }
    },
    async close() {
      client.close();
    },
  };
}

function lineResult({ outcome, installedItemChanges }: Result): LineResult {
  if (outcome === undefined) throw new Error("the service left a subscription without a result");
  if (outcome.$case === "status") return rejected(outcome.value);
  return storedResult(changeOf(outcome.value), installedItemChanges.map(changeOf));
}

function changeOf(change: ChangeMessage): Change {
  switch (change) {
    case ChangeMessage.CHANGE_CREATED:
      return "CREATED";
    case ChangeMessage.CHANGE_UPDATED:
      return "UPDATED";
    case ChangeMessage.CHANGE_UNCHANGED:
      return "UNCHANGED";
    case ChangeMessage.CHANGE_UNSPECIFIED:
    case ChangeMessage.UNRECOGNIZED:
      throw new Error("the service told of a change that this version does not know");
  }
}

function rejected({ message, details }: Status): LineResult {
  const info = details.find(({ typeUrl }) => typeUrl.endsWith("/google.rpc.ErrorInfo"));
  const reason = info === undefined ? "INTERNAL" : ErrorInfo.decode(info.value).reason;
  return { kind: "rejected", reason, message };
}
