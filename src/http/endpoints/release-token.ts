import { z } from "zod";
import { ServiceError } from "../../requests/service-error.js";
import { endpoint } from "../endpoint.js";

export const releaseToken = endpoint({
  method: "POST",
  path: "/authentication/token/release",
  summary: "Log out",
  description: "Makes the token that the call carries invalid.",
  authenticated: true,
  parameters: z.strictObject({}),
  data: z.strictObject({}).describe("Nothing."),
  async answer({ auth }, { token }) {
    // Without authentication a call needs none, but this one is about it.
    if (token === undefined) throw ServiceError.of("TOKEN_MISSING");
    await auth.tokens.release(token);
    return "{}";
  },
});
