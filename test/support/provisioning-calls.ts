import { credentials, Metadata } from "@grpc/grpc-js";
import type { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import {
  type BatchCreateProvisioningRequestsRequest_Item as Item,
  ListLanesRequest,
  type ListLanesResponse,
  ProvisioningServiceClient,
  type BatchCreateProvisioningRequestsResponse_Result as Result,
  type RetryProvisioningRequestRequest,
  type SetUserParametersRequest,
  type SetUserParametersResponse,
} from "../../src/gen/provisioning/v1/provisioning_service.js";
import { call } from "./rpc-client.js";
import { createOf, type Wanted } from "./world/api.js";
import { present } from "./world/eventually.js";
import type { World } from "./world/world.js";

export type Pin = SetUserParametersRequest["pin"];

/** The message that sets a card's PIN, or does what else is wanted with it. */
export function pinOf(
  card: number | string,
  pin: string | Pin,
  wanted: Wanted = {},
): SetUserParametersRequest {
  return {
    ...createOf(card, wanted),
    pin: typeof pin === "string" ? { $case: "newPin", value: pin } : pin,
  };
}

/** An item of a batch that re-authorises a card. */
export function reauthoriseItem(card: number | string, wanted: Wanted = {}): Item {
  return { command: { $case: "reauthoriseAllServices", value: createOf(card, wanted) } };
}

/** An item of a batch that sets a card's PIN. */
export function pinItem(card: number | string, pin: string | Pin, wanted: Wanted = {}): Item {
  return { command: { $case: "setUserParameters", value: pinOf(card, pin, wanted) } };
}

/** Calls that few tests make, to the service of a world as it runs at the time. */
export class ProvisioningCalls {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  setUserParameters(message: SetUserParametersRequest): Promise<SetUserParametersResponse> {
    return this.#call((client, options) =>
      call(client, client.setUserParameters, message, options),
    );
  }

  /** Sets a card's PIN; the stored request. */
  async setPin(
    card: number | string,
    pin: string | Pin,
    wanted: Wanted = {},
  ): Promise<ProvisioningRequest> {
    return present((await this.setUserParameters(pinOf(card, pin, wanted))).provisioningRequest);
  }

  async batchCreate(items: Item[]): Promise<Result[]> {
    const { results } = await this.#call((client, options) =>
      call(client, client.batchCreateProvisioningRequests, { items }, options),
    );
    return results;
  }

  async retry(
    { number }: Pick<ProvisioningRequest, "number">,
    wanted: Partial<RetryProvisioningRequestRequest> = {},
  ): Promise<ProvisioningRequest> {
    const identifier = { $case: "number" as const, value: number };
    const message = { identifier, newPin: "", requestId: "", ...wanted };
    const { provisioningRequest } = await this.#call((client, options) =>
      call(client, client.retryProvisioningRequest, message, options),
    );
    return present(provisioningRequest);
  }

  lanes(wanted: Partial<ListLanesRequest> = {}): Promise<ListLanesResponse> {
    const message = ListLanesRequest.fromPartial(wanted);
    return this.#call((client, options) => call(client, client.listLanes, message, options));
  }

  async #call<T>(
    act: (client: ProvisioningServiceClient, options: { metadata: Metadata }) => Promise<T>,
  ): Promise<T> {
    const client = new ProvisioningServiceClient(
      this.#world.service.grpc,
      credentials.createInsecure(),
    );
    try {
      return await act(client, { metadata: new Metadata() });
    } finally {
      client.close();
    }
  }
}
