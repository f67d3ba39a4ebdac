import { errorMessage, shorten } from "../calls/error-text.js";
import { REASONS } from "../requests/reasons.js";
import type { ServiceError } from "../requests/service-error.js";
import { HTTP_STATUS } from "./http-status.js";
import { PROTOCOL_FAULTS, type ProtocolFault } from "./protocol-fault.js";

/** An answer, ready to be sent. */
export interface Answer {
  readonly http: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const JSON_TYPE = "application/json; charset=utf-8";

/** As many faults as a call over gRPC tells one by one, at the same length. */
const MAX_FAULTS = 20;
const MAX_MESSAGE_BYTES = 1536;
const MAX_TEXT_BYTES = 300;

const OK_PREFIX = '{"status":{"code":"OK","description":"","message":""},"data":';

/** The answer to a call that went well; `data` as JSON. */
export function success(data: string): Answer {
  return { http: 200, body: `${OK_PREFIX}${data}}` };
}

/** The answer to a call that failed: its reason, what that means, and each fault by its field. */
export function failure(error: ServiceError): Answer {
  const { code, description, message } = failureStatus(error);
  const faults = error.faults.slice(0, MAX_FAULTS).map(({ reason, field, description }) => ({
    reason,
    ...(field !== undefined && { field: shorten(field, MAX_TEXT_BYTES) }),
    description: shorten(description, MAX_TEXT_BYTES),
  }));
  const { status, retryAfterMs } = error;
  return {
    http: HTTP_STATUS[status],
    body: envelope(code, description, message, { faults }),
    headers: {
      ...(retryAfterMs !== undefined && {
        "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))),
      }),
      ...(status === "UNAUTHENTICATED" && { "www-authenticate": "Bearer" }),
    },
  };
}

/** What the envelope tells of an error. */
export function failureStatus(error: ServiceError) {
  const limits = { faults: MAX_FAULTS, maxBytes: MAX_MESSAGE_BYTES };
  const message = errorMessage(error, limits);
  return { code: error.reason, description: REASONS[error.reason].text, message };
}

/** The answer to what is no call; `message` where more can be said than what the code means. */
export function refusal(
  fault: ProtocolFault,
  headers: Answer["headers"] = {},
  message?: string,
): Answer {
  const { http, text } = PROTOCOL_FAULTS[fault];
  return { http, body: envelope(fault, text, message ?? text, { faults: [] }), headers };
}

function envelope(code: string, description: string, message: string, data: object): string {
  return JSON.stringify({ status: { code, description, message }, data });
}
