import { credentials, Metadata } from "@grpc/grpc-js";
import { type HealthCheckResponse, HealthClient } from "../../../src/gen/grpc/health/v1/health.js";
import {
  type ProvisioningRequest,
  ProvisioningRequest_LifeCycleState as State,
} from "../../../src/gen/provisioning/v1/provisioning_request.js";
import {
  CancelProvisioningRequestRequest,
  type BatchCreateProvisioningRequestsRequest_Item as Item,
  ListProvisioningRequestsRequest,
  type ListProvisioningRequestsResponse,
  ProvisioningServiceClient,
  ReauthoriseAllServicesRequest,
  type ReauthoriseAllServicesResponse,
} from "../../../src/gen/provisioning/v1/provisioning_service.js";
import type { Run } from "../../../src/gen/provisioning/v1/run.js";
import { RunServiceClient } from "../../../src/gen/provisioning/v1/run_service.js";
import { call } from "../rpc-client.js";
import { eventually, present } from "./eventually.js";

/** A create as tests write it: the card by its number in the inventory, and what else is wanted. */
export type Wanted = Partial<
  Omit<ReauthoriseAllServicesRequest, "scheduledDate" | "expireDate">
> & {
  /** Milliseconds since 1970. */
  readonly scheduled?: number;
  readonly expires?: number;
};

export interface CallSettings {
  /** Milliseconds from now; none by default. */
  readonly deadlineMs?: number;
}

/** A caller of the service: at one address, or of many instances in turn. */
export class Api {
  readonly #provisioning: ProvisioningServiceClient;
  readonly #runs: RunServiceClient;
  readonly #health: HealthClient;

  constructor(address: string) {
    const options = {
      // A channel of its own: a restarted service may come back on the same port.
      "grpc.use_local_subchannel_pool": 1,
      // Of one address it makes nothing; of many it takes one after the other.
      "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    };
    const insecure = credentials.createInsecure();
    this.#provisioning = new ProvisioningServiceClient(address, insecure, options);
    this.#runs = new RunServiceClient(address, insecure, options);
    this.#health = new HealthClient(address, insecure, options);
  }

  /** A caller that knows several instances, each at a `host:port` of IPv4. */
  static ofAll(addresses: readonly string[]): Api {
    return new Api(`ipv4:${addresses.join(",")}`);
  }

  /** Re-authorises card `i`; the whole answer. */
  reauthorise(
    card: number | string,
    wanted: Wanted = {},
    { deadlineMs }: CallSettings = {},
  ): Promise<ReauthoriseAllServicesResponse> & { cancel(): void } {
    return this.send(createOf(card, wanted), { ...(deadlineMs !== undefined && { deadlineMs }) });
  }

  send(
    message: ReauthoriseAllServicesRequest,
    { deadlineMs }: CallSettings = {},
  ): Promise<ReauthoriseAllServicesResponse> & { cancel(): void } {
    const client = this.#provisioning;
    const deadline = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    return call(client, client.reauthoriseAllServices, message, { ...this.#caller, ...deadline });
  }

  /** Calls the rpc that the item of a batch is named after. */
  sendItem(
    { command }: Item,
    { deadlineMs }: CallSettings = {},
  ): Promise<ReauthoriseAllServicesResponse> & { cancel(): void } {
    const client = this.#provisioning;
    const { $case, value } = present(command);
    type Method = typeof client.reauthoriseAllServices;
    const deadline = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
    return call(client, client[$case] as Method, value as ReauthoriseAllServicesRequest, {
      ...this.#caller,
      ...deadline,
    });
  }

  /** Re-authorises card `i`; the stored request. */
  async create(
    card: number | string,
    wanted: Wanted = {},
    settings: CallSettings = {},
  ): Promise<ProvisioningRequest> {
    return present((await this.reauthorise(card, wanted, settings)).provisioningRequest);
  }

  /** Several creates, each acknowledged before the next is made. */
  async createInOrder(...cards: number[]): Promise<ProvisioningRequest[]> {
    const requests: ProvisioningRequest[] = [];
    for (const card of cards) requests.push(await this.create(card));
    return requests;
  }

  async get(number: bigint): Promise<ProvisioningRequest> {
    const client = this.#provisioning;
    const message = { identifier: { $case: "number" as const, value: number } };
    const { provisioningRequest } = await call(
      client,
      client.getProvisioningRequest,
      message,
      this.#caller,
    );
    return present(provisioningRequest);
  }

  list(
    filter: Partial<ListProvisioningRequestsRequest> = {},
  ): Promise<ListProvisioningRequestsResponse> {
    const client = this.#provisioning;
    const message = ListProvisioningRequestsRequest.fromPartial(filter);
    return call(client, client.listProvisioningRequests, message, this.#caller);
  }

  /** Every request there is, oldest first. */
  async all(filter: Partial<ListProvisioningRequestsRequest> = {}): Promise<ProvisioningRequest[]> {
    const requests: ProvisioningRequest[] = [];
    let pageToken = "";
    do {
      const page = await this.list({ pageSize: 1000, oldestFirst: true, ...filter, pageToken });
      requests.push(...page.provisioningRequests);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    return requests;
  }

  async cancel(number: bigint, reason = ""): Promise<ProvisioningRequest> {
    const client = this.#provisioning;
    const message = CancelProvisioningRequestRequest.fromPartial({ reason });
    message.identifier = { $case: "number", value: number };
    const { provisioningRequest } = await call(
      client,
      client.cancelProvisioningRequest,
      message,
      this.#caller,
    );
    return present(provisioningRequest);
  }

  async startRun(runDefinition = ""): Promise<Run> {
    const client = this.#runs;
    return present((await call(client, client.startRun, { runDefinition }, this.#caller)).run);
  }

  async run(id: string): Promise<Run> {
    const client = this.#runs;
    return present((await call(client, client.getRun, { id }, this.#caller)).run);
  }

  /** Newest first. */
  async runs(runDefinition = ""): Promise<readonly Run[]> {
    const client = this.#runs;
    const message = { pageSize: 0, pageToken: "", runDefinition };
    return (await call(client, client.listRuns, message, this.#caller)).runs;
  }

  async health(service = ""): Promise<string> {
    const client = this.#health;
    return (await call(client, client.check, { service }, this.#caller)).status;
  }

  /** What a watch of the service's health tells from now on, and when it ends. */
  watchHealth(): { readonly statuses: readonly string[]; readonly ended: Promise<void> } {
    const statuses: string[] = [];
    const watch = this.#health.watch({ service: "" });
    watch.on("data", ({ status }: HealthCheckResponse) => statuses.push(status));
    const ended = new Promise<void>((resolve) => watch.on("error", () => resolve()));
    return { statuses, ended };
  }

  /** The request, once it is as wanted. */
  until(
    { number }: Pick<ProvisioningRequest, "number">,
    what: string,
    isSo: (request: ProvisioningRequest) => boolean,
  ): Promise<ProvisioningRequest> {
    return eventually(`request ${number}: ${what}`, () => this.get(number), isSo);
  }

  /** The request, once it has ended. */
  ended(request: Pick<ProvisioningRequest, "number">): Promise<ProvisioningRequest> {
    return this.until(request, "an end", isEnded);
  }

  allEnded(
    requests: readonly Pick<ProvisioningRequest, "number">[],
  ): Promise<ProvisioningRequest[]> {
    return Promise.all(requests.map((request) => this.ended(request)));
  }

  close(): void {
    for (const client of [this.#provisioning, this.#runs, this.#health]) client.close();
  }

  /** Who calls: the place to change when calls need a token. */
  get #caller() {
    return { metadata: new Metadata() };
  }
}

/** The message of a create; `card` is its number, or an item's id. */
export function createOf(
  card: number | string,
  wanted: Wanted = {},
): ReauthoriseAllServicesRequest {
  const { scheduled, expires, ...fields } = wanted;
  const id = typeof card === "number" ? `card-${card}` : card;
  return {
    ...ReauthoriseAllServicesRequest.fromPartial({}),
    subscriptionIdentifier: { identifier: { $case: "id", value: "sub-1" } },
    smartcardIdentifier: { identifier: { $case: "id", value: id } },
    scheduledDate: timestamp(scheduled),
    expireDate: timestamp(expires),
    ...fields,
  };
}

export function timestamp(ms: number | undefined) {
  if (ms === undefined) return undefined;
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1_000_000) };
}

export function isEnded({ lifeCycleState: state }: ProvisioningRequest): boolean {
  return (
    state === State.LIFE_CYCLE_STATE_COMPLETED ||
    state === State.LIFE_CYCLE_STATE_REJECTED ||
    state === State.LIFE_CYCLE_STATE_CANCELLED
  );
}
