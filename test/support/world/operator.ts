import { credentials } from "@grpc/grpc-js";
import {
  Provider,
  type Provider_LifeCycleState as ProviderState,
} from "../../../src/gen/provisioning/v1/provider.js";
import {
  type GetProviderResponse,
  type ListProvidersResponse,
  ProviderServiceClient,
  type TestProviderConnectionResponse,
} from "../../../src/gen/provisioning/v1/provider_service.js";
import {
  type RunDefinition_LifeCycleState as DefinitionState,
  RunDefinition,
} from "../../../src/gen/provisioning/v1/run_definition.js";
import {
  type ListRunDefinitionsResponse,
  RunServiceClient,
} from "../../../src/gen/provisioning/v1/run_service.js";
import { call } from "../rpc-client.js";
import { present } from "./eventually.js";

/** What a test changes of a provider: the mask is what is given, or what it names besides. */
export interface ProviderUpdate extends Partial<Provider> {
  readonly mask: readonly string[];
}

/** Whoever configures the service by calls, at one address. */
export class Operator {
  readonly #providers: ProviderServiceClient;
  readonly #runs: RunServiceClient;

  constructor(address: string) {
    const options = { "grpc.use_local_subchannel_pool": 1 };
    const insecure = credentials.createInsecure();
    this.#providers = new ProviderServiceClient(address, insecure, options);
    this.#runs = new RunServiceClient(address, insecure, options);
  }

  async createProvider(parts: Partial<Provider>): Promise<Provider> {
    const client = this.#providers;
    const provider = { ...Provider.fromPartial({}), ...parts };
    return present((await call(client, client.createProvider, { provider })).provider);
  }

  /** Changes a provider in the version that it has now, unless the parts name one. */
  async updateProvider(
    name: string,
    { mask, version, ...parts }: ProviderUpdate,
  ): Promise<Provider> {
    const client = this.#providers;
    const provider = { ...Provider.fromPartial({}), ...parts, name };
    provider.version = version ?? (await this.provider(name)).version;
    const message = { provider, updateMask: [...mask] };
    return present((await call(client, client.updateProvider, message)).provider);
  }

  getProvider(name: string): Promise<GetProviderResponse> {
    const client = this.#providers;
    return call(client, client.getProvider, { name });
  }

  async provider(name: string): Promise<Provider> {
    return present((await this.getProvider(name)).provider);
  }

  async status(name: string) {
    return present((await this.getProvider(name)).status);
  }

  listProviders(
    pageSize = 0,
    pageToken = "",
    state: keyof typeof ProviderState = "LIFE_CYCLE_STATE_UNSPECIFIED",
  ): Promise<ListProvidersResponse> {
    const client = this.#providers;
    const lifeCycleState = state as ProviderState;
    return call(client, client.listProviders, { pageSize, pageToken, lifeCycleState });
  }

  async setProvider(
    name: string,
    state: "EFFECTIVE" | "NOT_EFFECTIVE",
    { reason = "", version = 0n } = {},
  ): Promise<Provider> {
    const client = this.#providers;
    const lifeCycleState = `LIFE_CYCLE_STATE_${state}` as ProviderState;
    const message = { name, lifeCycleState, reason, version };
    return present((await call(client, client.setProviderLifeCycleState, message)).provider);
  }

  testConnection(
    {
      name = "",
      protocol = "",
      connection,
    }: {
      name?: string;
      protocol?: string;
      connection?: Record<string, unknown>;
    },
    deadlineMs = 10_000,
  ): Promise<TestProviderConnectionResponse> {
    const client = this.#providers;
    const options = { deadline: Date.now() + deadlineMs };
    const message = { name, protocol, connection };
    return call(client, client.testProviderConnection, message, options);
  }

  async createRunDefinition(parts: Partial<RunDefinition>): Promise<RunDefinition> {
    const client = this.#runs;
    const runDefinition = { ...RunDefinition.fromPartial({}), ...parts };
    const answer = await call(client, client.createRunDefinition, { runDefinition });
    return present(answer.runDefinition);
  }

  async updateRunDefinition(
    name: string,
    { mask, version, ...parts }: Partial<RunDefinition> & { readonly mask: readonly string[] },
  ): Promise<RunDefinition> {
    const client = this.#runs;
    const runDefinition = { ...RunDefinition.fromPartial({}), ...parts, name };
    runDefinition.version = version ?? (await this.runDefinition(name)).version;
    const message = { runDefinition, updateMask: [...mask] };
    return present((await call(client, client.updateRunDefinition, message)).runDefinition);
  }

  async runDefinition(name: string): Promise<RunDefinition> {
    const client = this.#runs;
    return present((await call(client, client.getRunDefinition, { name })).runDefinition);
  }

  listRunDefinitions(pageSize = 0, pageToken = ""): Promise<ListRunDefinitionsResponse> {
    const client = this.#runs;
    return call(client, client.listRunDefinitions, { pageSize, pageToken });
  }

  async setRunDefinition(
    name: string,
    state: "EFFECTIVE" | "NOT_EFFECTIVE",
    { reason = "", version = 0n } = {},
  ): Promise<RunDefinition> {
    const client = this.#runs;
    const lifeCycleState = `LIFE_CYCLE_STATE_${state}` as DefinitionState;
    const message = { name, lifeCycleState, reason, version };
    const answer = await call(client, client.setRunDefinitionLifeCycleState, message);
    return present(answer.runDefinition);
  }

  close(): void {
    this.#providers.close();
    this.#runs.close();
  }
}
