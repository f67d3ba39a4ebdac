import type { CreateDeps } from "../accept/create-and-wait.js";
import type { LogInDeps } from "../auth/log-in.js";
import { AuthServiceService } from "../gen/provisioning/v1/auth_service.js";
import { InventoryServiceService } from "../gen/provisioning/v1/inventory_service.js";
import { ProviderServiceService } from "../gen/provisioning/v1/provider_service.js";
import {
  ProvisioningServiceService,
  ReauthoriseAllServicesResponse,
  SetUserParametersResponse,
} from "../gen/provisioning/v1/provisioning_service.js";
import { PullServiceService } from "../gen/provisioning/v1/pull_service.js";
import { RunServiceService } from "../gen/provisioning/v1/run_service.js";
import type { UpsertDrafts } from "../inventory/upsert-drafts.js";
import type { PullDesk } from "../pull/pull-desk.js";
import type { InventoryStore } from "../store/inventory-store.js";
import type { LaneStore } from "../store/lane-store.js";
import { batchCreateProvisioningRequests } from "./handlers/batch-create-provisioning-requests.js";
import { cancelProvisioningRequest } from "./handlers/cancel-provisioning-request.js";
import { claimPending } from "./handlers/claim-pending.js";
import { createHandlers } from "./handlers/creates.js";
import { getProvisioningRequest } from "./handlers/get-provisioning-request.js";
import { getSubscription } from "./handlers/get-subscription.js";
import { importSubscriptions } from "./handlers/import-subscriptions.js";
import { listLanes } from "./handlers/list-lanes.js";
import { listProvisioningRequests } from "./handlers/list-provisioning-requests.js";
import { listSubscriptions } from "./handlers/list-subscriptions.js";
import { login } from "./handlers/login.js";
import { type ProviderDeps, providerHandlers } from "./handlers/providers.js";
import { releaseToken } from "./handlers/release-token.js";
import { resetSubscription } from "./handlers/reset-subscription.js";
import { retryProvisioningRequest } from "./handlers/retry-provisioning-request.js";
import { type RunDeps, runHandlers } from "./handlers/runs.js";
import { sendResponses } from "./handlers/send-responses.js";
import { upsertSubscriptions } from "./handlers/upsert-subscriptions.js";
import { fittingBatch } from "./messages/fitting-batch.js";
import { readDescriptorImage } from "./reflection/descriptor-file.js";
import { createReflection } from "./reflection/reflection.js";
import { responseEncoder } from "./response-encoder.js";
import type { RpcServer } from "./server.js";

/** What the handlers need, by service. */
export interface ServiceDeps {
  readonly auth: LogInDeps;
  readonly create: CreateDeps;
  readonly lanes: LaneStore;
  readonly inventory: {
    readonly inventory: InventoryStore;
    readonly upsertDrafts: UpsertDrafts;
  };
  readonly pull: Pick<PullDesk, "claim" | "answer">;
  readonly runs: RunDeps;
  readonly providers: ProviderDeps;
}

const REFLECTED = [
  "grpc.health.v1.Health",
  "provisioning.v1.AuthService",
  "provisioning.v1.InventoryService",
  "provisioning.v1.ProviderService",
  "provisioning.v1.ProvisioningService",
  "provisioning.v1.PullService",
  "provisioning.v1.RunService",
];

/** Single creates come by the thousand a second, and what a batch has stored may be a great deal. */
const PROVISIONING_SERVICE = {
  ...ProvisioningServiceService,
  reauthoriseAllServices: {
    ...ProvisioningServiceService.reauthoriseAllServices,
    responseSerialize: responseEncoder(ReauthoriseAllServicesResponse),
  },
  setUserParameters: {
    ...ProvisioningServiceService.setUserParameters,
    responseSerialize: responseEncoder(SetUserParametersResponse),
  },
  batchCreateProvisioningRequests: {
    ...ProvisioningServiceService.batchCreateProvisioningRequests,
    responseSerialize: fittingBatch,
  },
};

/** Puts every rpc of the API on the server: the one place where a method meets its handler. */
export function addServices(server: RpcServer, deps: ServiceDeps): void {
  const { auth, create, lanes, inventory, pull, runs, providers } = deps;
  server.add(AuthServiceService, { login: login(auth), releaseToken: releaseToken(auth) });
  server.add(InventoryServiceService, {
    upsertSubscriptions: upsertSubscriptions(inventory),
    importSubscriptions: importSubscriptions(inventory),
    getSubscription: getSubscription(inventory),
    listSubscriptions: listSubscriptions(inventory),
  });
  server.add(PROVISIONING_SERVICE, {
    ...createHandlers(create),
    resetSubscription: resetSubscription(create),
    batchCreateProvisioningRequests: batchCreateProvisioningRequests(create),
    getProvisioningRequest: getProvisioningRequest(create.store),
    listProvisioningRequests: listProvisioningRequests(create.store),
    cancelProvisioningRequest: cancelProvisioningRequest(create),
    retryProvisioningRequest: retryProvisioningRequest({ ...create, lanes }),
    listLanes: listLanes(lanes),
  });
  server.add(PullServiceService, {
    claimPending: claimPending(pull),
    sendResponses: sendResponses(pull),
  });
  server.add(ProviderServiceService, providerHandlers(providers));
  server.add(RunServiceService, runHandlers(runs));
  server.addOpen(createReflection(readDescriptorImage(), REFLECTED));
}
