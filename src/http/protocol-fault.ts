/** What can be wrong with a request before it is a call: nothing that gRPC has a reason for. */
export const PROTOCOL_FAULTS = {
  BAD_REQUEST: { http: 400, text: "the request is no valid HTTP" },
  METHOD_NOT_ALLOWED: { http: 405, text: "the path takes another method" },
  REQUEST_TIMEOUT: { http: 408, text: "the request took too long to arrive" },
  BODY_TOO_LARGE: { http: 413, text: "the body is larger than 64 KiB" },
  MEDIA_TYPE_NOT_SUPPORTED: {
    http: 415,
    text: "the body must be application/json or application/x-www-form-urlencoded",
  },
  HEADERS_TOO_LARGE: { http: 431, text: "the headers are larger than 16 KiB" },
} as const satisfies Record<string, { readonly http: number; readonly text: string }>;

export type ProtocolFault = keyof typeof PROTOCOL_FAULTS;
