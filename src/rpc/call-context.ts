import type { Metadata } from "@grpc/grpc-js";
import type { Call } from "../calls/call.js";

/** What a handler knows of the call it answers. */
export interface CallContext extends Call {
  /** Such as `/provisioning.v1.AuthService/Login`. */
  readonly method: string;
  readonly metadata: Metadata;
}
