import { type LogInDeps, logIn } from "../../auth/log-in.js";
import { passwordFault } from "../../auth/password-fault.js";
import type { LoginRequest, LoginResponse } from "../../gen/provisioning/v1/auth_service.js";
import { timestampOf } from "../messages/timestamp.js";
import type { UnaryHandler } from "../unary.js";
import { requiredIdentifier } from "../validation/identifier.js";
import { validate } from "../validation/violations.js";

/** Login: exchanges a name and a password for a token. */
export function login(deps: LogInDeps): UnaryHandler<LoginRequest, LoginResponse> {
  return async (call, { username, password }) => {
    validate((violations) => {
      requiredIdentifier(violations, "username", username);
      const fault = passwordFault(password);
      if (fault !== undefined) violations.add("password", fault);
    });
    const { token, expireDate } = await logIn(deps, { username, password }, call.signal);
    return { token, expireDate: timestampOf(expireDate) };
  };
}
