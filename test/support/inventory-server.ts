import { credentials } from "@grpc/grpc-js";
import {
  type GetSubscriptionRequest,
  type ImportSubscriptionsRequest,
  type ImportSubscriptionsResponse,
  InventoryServiceClient,
  InventoryServiceService,
} from "../../src/gen/provisioning/v1/inventory_service.js";
import type { CallContext } from "../../src/rpc/call-context.js";
import type { RpcServerOptions } from "../../src/rpc/server.js";
import { type RpcTestServer, startRpcServer } from "./rpc-server.js";

/** What the fake handlers of a test do; by default they succeed. */
export interface FakeInventory {
  get?(call: CallContext, request: GetSubscriptionRequest): Promise<void>;
  import?(
    call: CallContext,
    requests: AsyncIterable<ImportSubscriptionsRequest>,
  ): Promise<Partial<ImportSubscriptionsResponse>>;
}

/** A server with a fake inventory, and a client of it. */
export interface InventoryTestServer extends RpcTestServer {
  readonly client: InventoryServiceClient;
  stop(): Promise<void>;
}

/** Starts a server whose inventory does what the test says. */
export async function startInventory(
  fake: FakeInventory,
  options: Partial<RpcServerOptions> = {},
): Promise<InventoryTestServer> {
  const started = await startRpcServer((add) => {
    add(InventoryServiceService, {
      async getSubscription(call, request) {
        await fake.get?.(call, request);
        return { subscription: undefined };
      },
      async importSubscriptions(call, requests) {
        const result = await fake.import?.(call, requests);
        return { created: 0n, updated: 0n, unchanged: 0n, rejected: 0n, rejections: [], ...result };
      },
    });
  }, options);
  const client = new InventoryServiceClient(started.address, credentials.createInsecure());
  return {
    ...started,
    client,
    async stop() {
      client.close();
      await started.server.stop(100);
    },
  };
}

/** A well-formed request for a subscription. */
export const GET_REQUEST: GetSubscriptionRequest = {
  subscriptionIdentifier: { identifier: { $case: "id", value: "S-1" } },
};
