import type { Acceptor } from "../../accept/acceptor.js";
import { requiredPin } from "../../calls/fields/pin.js";
import { optionalUuid } from "../../calls/fields/uuid.js";
import { type Violations, validate } from "../../calls/fields/violations.js";
import { requestNotFound } from "../../calls/get-provisioning-request.js";
import type { Dispatcher } from "../../dispatch/dispatcher.js";
import type {
  RetryProvisioningRequestRequest,
  RetryProvisioningRequestResponse,
} from "../../gen/provisioning/v1/provisioning_service.js";
import { carriesPin } from "../../requests/command.js";
import { onlyDigits } from "../../requests/pin-rule.js";
import type { ProvisioningRequest } from "../../requests/provisioning-request.js";
import { retryCreate } from "../../requests/retry-create.js";
import { ServiceError } from "../../requests/service-error.js";
import type { LaneStore } from "../../store/lane-store.js";
import type { RequestStore } from "../../store/request-store.js";
import type { CallContext } from "../call-context.js";
import { provisioningRequestMessage } from "../messages/provisioning-request.js";
import type { UnaryHandler } from "../unary.js";
import { requiredRequestIdentifier } from "../validation/request-identifier.js";

export interface RetryDeps {
  readonly acceptor: Pick<Acceptor, "accept">;
  readonly store: RequestStore;
  readonly lanes: LaneStore;
  readonly dispatcher: Pick<Dispatcher, "work">;
}

export function retryProvisioningRequest(
  deps: RetryDeps,
): UnaryHandler<RetryProvisioningRequestRequest, RetryProvisioningRequestResponse> {
  return async (call, message) => {
    const wish = validate((violations) => readWish(violations, message));
    const request = await deps.store.get(wish.identifier);
    if (request === undefined) throw requestNotFound(wish.identifier);
    validate((violations) => checkPin(violations, wish.pin, request));
    const retried =
      request.lifeCycleState === "REJECTED"
        ? await createAgain(deps, request, wish, call)
        : await hurry(deps, request, wish.identifier.by);
    return { provisioningRequest: provisioningRequestMessage(retried) };
  };
}

type Wish = ReturnType<typeof readWish>;

function readWish(violations: Violations, message: RetryProvisioningRequestRequest) {
  const { newPin } = message;
  return {
    identifier: requiredRequestIdentifier(violations, message),
    pin: newPin === "" ? undefined : requiredPin(violations, "new_pin", newPin, onlyDigits),
    requestId: optionalUuid(violations, "request_id", message.requestId),
  };
}

/** A PIN goes with a new request that sets one, and with nothing else. */
function checkPin(
  violations: Violations,
  pin: string | undefined,
  { command, lifeCycleState }: ProvisioningRequest,
): void {
  const wanted = lifeCycleState === "REJECTED" && carriesPin(command);
  if (wanted && pin === undefined) {
    violations.add("new_pin", "is mandatory: the PIN of a rejected request is not kept");
  }
  if (!wanted && pin !== undefined) {
    violations.add("new_pin", "is only for a REJECTED request that was to set a PIN");
  }
}

async function createAgain(
  { acceptor }: RetryDeps,
  rejected: ProvisioningRequest,
  { pin, requestId }: Wish,
  call: CallContext,
): Promise<ProvisioningRequest> {
  const create = retryCreate(rejected, call.principal.name, requestId, call.clock.now());
  const accepted = await acceptor.accept(create, pin, call);
  if (accepted.kind === "refused") throw new ServiceError(accepted.faults);
  return accepted.request;
}

/** Ends the pause of a PENDING request, if it is in one. */
async function hurry(
  { store, lanes, dispatcher }: RetryDeps,
  request: ProvisioningRequest,
  field: string,
): Promise<ProvisioningRequest> {
  const obstacle = obstacleTo(request);
  if (obstacle !== undefined) {
    throw ServiceError.of("STATE_NOT_ALLOWED", {
      field,
      description: obstacle,
      resource: { type: "provisioning_request", name: request.id },
    });
  }
  if (!(await lanes.endPause(request.number))) return request;
  dispatcher.work(request.provider);
  return (await store.get({ by: "number", value: request.number })) ?? request;
}

/** Why there is nothing to hurry; undefined for a request that only time keeps. */
function obstacleTo({
  lifeCycleState,
  waitingFor,
  waitingForId,
}: ProvisioningRequest): string | undefined {
  if (lifeCycleState !== "PENDING") {
    return `a provisioning request that is ${lifeCycleState} cannot be retried`;
  }
  switch (waitingFor) {
    case "SCHEDULED_DATE":
      return "the provisioning request is scheduled for later and has not been tried";
    case "EARLIER_REQUEST":
      return `the provisioning request waits for an earlier one of its card: retry ${waitingForId}`;
    case "PROVIDER_NOT_EFFECTIVE":
    case "NEXT_ATTEMPT":
    case "PROVIDER_UNAVAILABLE":
    case "RUN":
    case "CLAIM":
    case "CAPACITY":
    case undefined:
      return undefined;
  }
}
