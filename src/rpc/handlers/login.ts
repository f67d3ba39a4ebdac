import type { LogInDeps } from "../../auth/log-in.js";
import { logIn } from "../../calls/log-in.js";
import type { LoginRequest, LoginResponse } from "../../gen/provisioning/v1/auth_service.js";
import { timestampOf } from "../messages/timestamp.js";
import type { UnaryHandler } from "../unary.js";

/** Login: exchanges a name and a password for a token. */
export function login(deps: LogInDeps): UnaryHandler<LoginRequest, LoginResponse> {
  return async (call, credentials) => {
    const { token, expireDate } = await logIn(deps, call, credentials);
    return { token, expireDate: timestampOf(expireDate) };
  };
}
