import { credentials, Metadata } from "@grpc/grpc-js";
import type { ProvisioningRequest } from "../../src/gen/provisioning/v1/provisioning_request.js";
import {
  type BatchCreateProvisioningRequestsRequest_Item as Item,
  ListLanesRequest,
  type ListLanesResponse,
  ProvisioningServiceClient,
  type ReauthoriseAllServicesRequest,
  type BatchCreateProvisioningRequestsResponse_Result as Result,
  type RetryProvisioningRequestRequest,
  type SetUserParametersRequest,
  type SetUserParametersResponse,
} from "../../src/gen/provisioning/v1/provisioning_service.js";
import {
  ResetSubscriptionRequest,
  type ResetSubscriptionResponse,
} from "../../src/gen/provisioning/v1/subscription_reset.js";
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

type ItemCommand = NonNullable<Item["command"]>;
type Case = ItemCommand["$case"];
/** The fields that a command has besides those of every create. */
export type OwnFields<C extends Case> = Omit<
  Extract<ItemCommand, { $case: C }>["value"],
  keyof ReauthoriseAllServicesRequest
>;

/** An item of a batch for any command, named as its rpc. */
export function itemOf<C extends Case>(
  command: C,
  card: number | string,
  own: OwnFields<C>,
  wanted: Wanted = {},
): Item {
  // One union member; the compiler cannot tell which.
  const value = { ...createOf(card, wanted), ...own };
  return { command: { $case: command, value } as unknown as ItemCommand };
}

/** Names a set-top box by its id. */
export const boxOf = (id: string) => ({
  setTopBoxIdentifier: { identifier: { $case: "id" as const, value: id } },
});

/** Whole seconds, as messages have them. */
export const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });

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

  /** Calls the rpc that the item is named after. */
  send({ command }: Item): Promise<SetUserParametersResponse> {
    const { $case, value } = present(command);
    type Method = typeof ProvisioningServiceClient.prototype.setUserParameters;
    return this.#call((client, options) =>
      call(client, client[$case] as Method, value as SetUserParametersRequest, options),
    );
  }

  /** Calls it; the stored request. */
  async create<C extends Case>(
    command: C,
    card: number | string,
    own: OwnFields<C>,
    wanted: Wanted = {},
  ): Promise<ProvisioningRequest> {
    return present((await this.send(itemOf(command, card, own, wanted))).provisioningRequest);
  }

  reset(wanted: Partial<ResetSubscriptionRequest> = {}): Promise<ResetSubscriptionResponse> {
    const message: ResetSubscriptionRequest = {
      ...ResetSubscriptionRequest.fromPartial({}),
      subscriptionIdentifier: { identifier: { $case: "id", value: "sub-1" } },
      ...wanted,
    };
    return this.#call((client, options) =>
      call(client, client.resetSubscription, message, options),
    );
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
