import { credentials, type Metadata } from "@grpc/grpc-js";
import {
  type ImportSubscriptionsRequest,
  type ImportSubscriptionsResponse,
  InventoryServiceClient,
  InventoryServiceService,
} from "../../src/gen/provisioning/v1/inventory_service.js";
import { draftUpserter } from "../../src/inventory/upsert-drafts.js";
import { systemClock } from "../../src/requests/clock.js";
import { getSubscription } from "../../src/rpc/handlers/get-subscription.js";
import { importSubscriptions } from "../../src/rpc/handlers/import-subscriptions.js";
import { listSubscriptions } from "../../src/rpc/handlers/list-subscriptions.js";
import { upsertSubscriptions } from "../../src/rpc/handlers/upsert-subscriptions.js";
import type { InventoryStore } from "../../src/store/inventory-store.js";
import { knexInventoryStore } from "../../src/store/knex/knex-inventory-store.js";
import { startRpcServer, withToken } from "../support/rpc-server.js";
import { openTestDatabase, type TestDatabase } from "../support/stores.js";
import { NDS_RULES } from "./ca-id-rules.js";

/** The inventory service on a free port, over a database of its own. */
export interface InventoryService {
  readonly address: string;
  readonly client: InventoryServiceClient;
  readonly store: InventoryStore;
  /** Sends messages as one import. */
  import(
    requests: readonly ImportSubscriptionsRequest[],
    metadata?: Metadata,
  ): Promise<ImportSubscriptionsResponse>;
  stop(): Promise<void>;
}

export async function startInventoryService(target: TestDatabase): Promise<InventoryService> {
  const database = await openTestDatabase(await target.create());
  const store = knexInventoryStore(database, systemClock);
  const upsertDrafts = draftUpserter(store, NDS_RULES);
  const { address, server } = await startRpcServer((add) =>
    add(InventoryServiceService, {
      upsertSubscriptions: upsertSubscriptions({ upsertDrafts }),
      importSubscriptions: importSubscriptions({ upsertDrafts }),
      getSubscription: getSubscription({ inventory: store }),
      listSubscriptions: listSubscriptions({ inventory: store }),
    }),
  );
  const client = new InventoryServiceClient(address, credentials.createInsecure());
  return {
    address,
    client,
    store,
    import: (requests, metadata = withToken()) =>
      new Promise((resolve, reject) => {
        const call = client.importSubscriptions(metadata, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
        for (const request of requests) call.write(request);
        call.end();
      }),
    async stop() {
      client.close();
      await server.stop(1000);
      await database.close();
    },
  };
}
