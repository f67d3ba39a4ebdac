import type { Tokens } from "../../auth/tokens.js";
import type {
  ReleaseTokenRequest,
  ReleaseTokenResponse,
} from "../../gen/provisioning/v1/auth_service.js";
import { bearerToken } from "../authenticate.js";
import type { UnaryHandler } from "../unary.js";

/** ReleaseToken: makes the token that the call carries invalid. */
export function releaseToken(deps: {
  readonly tokens: Pick<Tokens, "release">;
}): UnaryHandler<ReleaseTokenRequest, ReleaseTokenResponse> {
  return async ({ metadata }) => {
    await deps.tokens.release(bearerToken(metadata));
    return {};
  };
}
