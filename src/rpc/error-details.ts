import { andMore, shorten } from "../calls/error-text.js";
import type { Any } from "../gen/google/protobuf/any.js";
import {
  BadRequest,
  BadRequest_FieldViolation,
  ErrorInfo,
  PreconditionFailure,
  PreconditionFailure_Violation,
  ResourceInfo,
  RetryInfo,
} from "../gen/google/rpc/error_details.js";
import type { Fault, ServiceError } from "../requests/service-error.js";

/** The `domain` of every ErrorInfo: the name under which this service's reasons are unique. */
export const ERROR_DOMAIN = "ca-provisioning";

/** Keeps one fault from taking the room of all others. */
const MAX_TEXT_BYTES = 300;
/** What a fault costs besides its own message: type URL, tags, lengths. */
const FRAME_BYTES = 64;

/** The details of an error: ErrorInfo always, then what its faults say, within the limits. */
export function errorDetails(
  error: ServiceError,
  limit: { readonly faults: number; readonly maxBytes: number },
): Any[] {
  const details = [
    pack("ErrorInfo", ErrorInfo, { reason: error.reason, domain: ERROR_DOMAIN, metadata: {} }),
  ];
  if (error.retryAfterMs !== undefined) {
    const ms = Math.max(0, Math.ceil(error.retryAfterMs));
    const retryDelay = { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
    details.push(pack("RetryInfo", RetryInfo, { retryDelay }));
  }
  const left =
    limit.maxBytes - details.reduce((sum, { value }) => sum + value.length + FRAME_BYTES, 0);
  details.push(...faultDetails(error, { faults: limit.faults, maxBytes: left }));
  return details;
}

function faultDetails(
  error: ServiceError,
  limit: { readonly faults: number; readonly maxBytes: number },
): Any[] {
  switch (error.status) {
    case "INVALID_ARGUMENT": {
      const faults = error.faults.filter((fault) => fault.field !== undefined);
      const fieldViolations = withinLimit(faults, fieldViolation, BadRequest_FieldViolation, limit);
      return fieldViolations.length === 0
        ? []
        : [pack("BadRequest", BadRequest, { fieldViolations })];
    }
    case "FAILED_PRECONDITION": {
      const violations = withinLimit(error.faults, violation, PreconditionFailure_Violation, limit);
      return [pack("PreconditionFailure", PreconditionFailure, { violations })];
    }
    case "NOT_FOUND":
    case "ALREADY_EXISTS":
    case "ABORTED": {
      const faults = error.faults.filter((fault) => fault.resource !== undefined);
      return withinLimit(faults, resourceInfo, ResourceInfo, limit).map((resource) =>
        pack("ResourceInfo", ResourceInfo, resource),
      );
    }
    case "UNAUTHENTICATED":
    case "PERMISSION_DENIED":
    case "RESOURCE_EXHAUSTED":
    case "UNAVAILABLE":
    case "CANCELLED":
    case "DEADLINE_EXCEEDED":
    case "UNIMPLEMENTED":
    case "INTERNAL":
      return [];
  }
}

function fieldViolation({ reason, field, description }: Fault): BadRequest_FieldViolation {
  return {
    field: shorten(field ?? "", MAX_TEXT_BYTES),
    description: shorten(description, MAX_TEXT_BYTES),
    reason,
    localizedMessage: undefined,
  };
}

function violation({ reason, field, description, resource }: Fault): PreconditionFailure_Violation {
  const subject = resource === undefined ? (field ?? "") : `${resource.type}/${resource.name}`;
  return {
    type: reason,
    subject: shorten(subject, MAX_TEXT_BYTES),
    description: shorten(description, MAX_TEXT_BYTES),
  };
}

function resourceInfo({ description, resource }: Fault): ResourceInfo {
  return {
    resourceType: shorten(resource?.type ?? "", MAX_TEXT_BYTES),
    resourceName: shorten(resource?.name ?? "", MAX_TEXT_BYTES),
    owner: "",
    description: shorten(description, MAX_TEXT_BYTES),
  };
}

/** The faults as messages while there is room; a last one counts those that found none. */
function withinLimit<T>(
  faults: readonly Fault[],
  message: (fault: Fault) => T,
  codec: Codec<T>,
  limit: { readonly faults: number; readonly maxBytes: number },
): T[] {
  const messages: T[] = [];
  let left = limit.maxBytes - 2 * FRAME_BYTES;
  for (const fault of faults.slice(0, limit.faults)) {
    const next = message(fault);
    left -= codec.encode(next).finish().length + FRAME_BYTES;
    if (left < 0) break;
    messages.push(next);
  }
  const untold = faults.length - messages.length;
  const [first] = faults;
  if (untold > 0 && first !== undefined) {
    const { reason } = first;
    messages.push(message({ reason, description: andMore(untold) }));
  }
  return messages;
}

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
}

function pack<T>(name: string, codec: Codec<T>, message: T): Any {
  return {
    typeUrl: `type.googleapis.com/google.rpc.${name}`,
    value: Buffer.from(codec.encode(message).finish()),
  };
}
