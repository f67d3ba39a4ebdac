import { credentials } from "@grpc/grpc-js";
import { AuthServiceClient } from "../gen/provisioning/v1/auth_service.js";
import { InstalledItem_Type } from "../gen/provisioning/v1/installed_item.js";
import { InventoryServiceClient } from "../gen/provisioning/v1/inventory_service.js";
import {
  type ProvisioningRequest,
  ProvisioningRequest_LifeCycleState as State,
} from "../gen/provisioning/v1/provisioning_request.js";
import {
  ProvisioningServiceClient,
  ReauthoriseAllServicesRequest,
} from "../gen/provisioning/v1/provisioning_service.js";
import { call } from "./call.js";
import type { Stage } from "./stage.js";

/** How far ahead the second request is scheduled, and how long the demo waits for it at most. */
const AHEAD_MS = 2000;
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 200;

const CARDS = [
  { subscription: "S-1001", serial: "SN-0001", code: "1234-5678", caId: "000123456789" },
  { subscription: "S-1002", serial: "SN-0002", code: "1234-5679", caId: "000123456797" },
];

/** What the demo did, for whoever goes on from there. */
export interface DemoResult {
  readonly token: string;
  readonly requests: readonly ProvisioningRequest[];
}

/**
 * The main job, over gRPC as any client does it: log in, fill the inventory, re-authorise one card
 * within the call and another one on a date, and see both completed by the CA system.
 */
export async function runDemo(stage: Stage, tell: (line: string) => void): Promise<DemoResult> {
  const { grpc } = stage.service;
  const insecure = credentials.createInsecure();
  const auth = new AuthServiceClient(grpc, insecure);
  const inventory = new InventoryServiceClient(grpc, insecure);
  const provisioning = new ProvisioningServiceClient(grpc, insecure);
  try {
    const username = "admin";
    const { token } = await call(auth.login.bind(auth), {
      username,
      password: stage.adminPassword,
    });
    tell(`logged in as ${username} at ${grpc}`);

    await call(inventory.upsertSubscriptions.bind(inventory), sampleInventory(), token);
    tell(`imported ${CARDS.length} subscriptions with a smartcard each`);

    const immediate = await reauthorise(provisioning, token, {
      ...sampleRequest("S-1001", "SN-0001"),
      processImmediately: true,
    });
    tell(`request ${immediate.number}, immediate: ${told(immediate)}`);

    const due = Date.now() + AHEAD_MS;
    const scheduled = await reauthorise(provisioning, token, {
      ...sampleRequest("S-1002", "SN-0002"),
      scheduledDate: { seconds: BigInt(Math.floor(due / 1000)), nanos: (due % 1000) * 1_000_000 },
    });
    tell(`request ${scheduled.number}, scheduled in ${AHEAD_MS / 1000} s: ${told(scheduled)}`);

    const ended = await untilEnded(provisioning, token, scheduled);
    tell(`request ${ended.number}, by the run: ${told(ended)}`);
    return { token, requests: [immediate, ended] };
  } finally {
    for (const client of [auth, inventory, provisioning]) client.close();
  }
}

/** True when the CA system has carried every request out and given its reference number. */
export function isComplete({ requests }: DemoResult): boolean {
  return requests.every(
    (request) =>
      request.lifeCycleState === State.LIFE_CYCLE_STATE_COMPLETED && request.referenceNumber !== "",
  );
}

async function reauthorise(
  client: ProvisioningServiceClient,
  token: string,
  request: ReauthoriseAllServicesRequest,
): Promise<ProvisioningRequest> {
  const method = client.reauthoriseAllServices.bind(client);
  return present((await call(method, request, token)).provisioningRequest);
}

async function untilEnded(
  client: ProvisioningServiceClient,
  token: string,
  request: ProvisioningRequest,
): Promise<ProvisioningRequest> {
  const end = Date.now() + PATIENCE_MS;
  const method = client.getProvisioningRequest.bind(client);
  for (;;) {
    const identifier = { $case: "id", value: request.id } as const;
    const current = present((await call(method, { identifier }, token)).provisioningRequest);
    const open = [State.LIFE_CYCLE_STATE_PENDING, State.LIFE_CYCLE_STATE_PROCESSING];
    if (!open.includes(current.lifeCycleState) || Date.now() > end) return current;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function told(request: ProvisioningRequest): string {
  const state = request.lifeCycleState.replace("LIFE_CYCLE_STATE_", "");
  return request.referenceNumber === "" ? state : `${state}, reference ${request.referenceNumber}`;
}

function present(request: ProvisioningRequest | undefined): ProvisioningRequest {
  if (request === undefined) throw new Error("the service answered without a request");
  return request;
}

function sampleRequest(subscription: string, serial: string): ReauthoriseAllServicesRequest {
  return ReauthoriseAllServicesRequest.fromPartial({
    subscriptionIdentifier: { identifier: { $case: "number", value: subscription } },
    smartcardIdentifier: { identifier: { $case: "serialNumber", value: serial } },
  });
}

function sampleInventory() {
  return {
    detachUnlistedItems: false,
    subscriptions: CARDS.map((card) => ({
      id: `sub-${card.subscription}`,
      number: card.subscription,
      createdDate: undefined,
      updatedDate: undefined,
      installedItems: [
        {
          id: `item-${card.serial}`,
          type: InstalledItem_Type.TYPE_SMARTCARD,
          serialNumber: card.serial,
          alternativeCode: card.code,
          caId: card.caId,
          provider: "nds-demo",
        },
      ],
    })),
  };
}
