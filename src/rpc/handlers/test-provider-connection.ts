import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import { waitMs } from "../../accept/wait-ms.js";
import { optionalIdentifier } from "../../calls/fields/identifier.js";
import { validate } from "../../calls/fields/violations.js";
import type { ConnectionTest, TriedConnection } from "../../dispatch/connection-test.js";
import {
  TestProviderConnectionResponse_Outcome as Outcome,
  type TestProviderConnectionRequest,
  type TestProviderConnectionResponse,
} from "../../gen/provisioning/v1/provider_service.js";
import { missing } from "../../providers/changed-value.js";
import { configureAdapter, type ProtocolLookup } from "../../providers/configure-adapter.js";
import type { ProviderDefinition } from "../../providers/provider.js";
import { changedDefinition } from "../../providers/provider-change.js";
import { secretsOf } from "../../providers/secret-settings.js";
import type { ProviderStore } from "../../store/provider-store.js";
import type { UnaryHandler } from "../unary.js";
import { judged } from "../validation/definition-faults.js";

export interface TestConnectionDeps {
  readonly providers: Pick<ProviderStore, "get">;
  readonly findProtocol: ProtocolLookup;
  readonly connectionTest: ConnectionTest;
  readonly log: Logger;
}

const OUTCOMES = {
  CONNECTED: Outcome.OUTCOME_CONNECTED,
  FAILED: Outcome.OUTCOME_FAILED,
  UNDECIDED: Outcome.OUTCOME_UNDECIDED,
} as const satisfies Record<TriedConnection["outcome"], Outcome>;

type Wanted = Pick<ProviderDefinition, "protocol" | "connection">;

/** TestProviderConnection: tries a session with settings of the database, of the call, or of both. */
export function testProviderConnection(
  deps: TestConnectionDeps,
): UnaryHandler<TestProviderConnectionRequest, TestProviderConnectionResponse> {
  const { providers, findProtocol, connectionTest, log } = deps;
  return async (call, message) => {
    const name = validate((violations) => {
      const named = optionalIdentifier(violations, "name", message.name);
      if (named !== undefined) return named;
      if (message.protocol === "") violations.add("protocol", "is mandatory without a name");
      if (message.connection === undefined) {
        violations.add("connection", "is mandatory without a name");
      }
      return undefined;
    });
    const provider = name === undefined ? undefined : await providers.get(name);
    if (name !== undefined && provider === undefined) throw missing("provider", name, "name");
    const given = {
      ...(message.protocol !== "" && { protocol: message.protocol }),
      ...(message.connection !== undefined && { connection: message.connection }),
    };
    const stored = provider && settingsOf(provider);
    const wanted: Wanted =
      provider === undefined
        ? { protocol: message.protocol, connection: message.connection ?? {} }
        : settingsOf(
            changedDefinition(provider, given, secretsOf(findProtocol, provider.protocol)),
          );
    const accepted = validate((violations) => {
      const made = configureAdapter(findProtocol, wanted);
      return judged(violations, "adapter" in made ? { accepted: made.adapter } : made);
    });
    if (accepted === undefined) throw new Error("a connection without a fault was not accepted");
    const ms = waitMs(call.deadline, call.clock.now());
    const tried = await connectionTest.run(
      { provider, changed: !isDeepStrictEqual(wanted, stored), adapter: accepted },
      ms,
      call.signal,
    );
    const { outcome, description } = tried;
    log.info(
      { provider: name, outcome, user: call.principal.name },
      "a connection was tried by call",
    );
    const nanos = Math.round((tried.ms % 1000) * 1_000_000);
    return {
      outcome: OUTCOMES[outcome],
      description,
      duration: { seconds: BigInt(Math.floor(tried.ms / 1000)), nanos },
    };
  };
}

function settingsOf({ protocol, connection }: Wanted): Wanted {
  return { protocol, connection };
}
