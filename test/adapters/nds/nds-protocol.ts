import { shippedProtocol } from "../../../src/adapters/profile/shipped-profiles.js";

/** The NDS reference profile, as providers get it. */
export const ndsProtocol = shippedProtocol("nds");
