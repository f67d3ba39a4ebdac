import type { ProvisioningRequest } from "./provisioning-request.js";
import type { WaitingFor } from "./waiting-for.js";

/** Where a lane stands among all lanes: by provider, then CA id. */
export interface LaneKey {
  readonly provider: string;
  readonly caId: string;
}

/** The open requests of one card at one provider, as operators see them. */
export interface Lane {
  readonly provider: string;
  /** As the head names it. */
  readonly smartcard: ProvisioningRequest["smartcard"];
  /** Why the head is not being sent; undefined while it is. */
  readonly waitingFor: WaitingFor | undefined;
  /** Since when the head is the head, or was last put back. Milliseconds since 1970 UTC. */
  readonly sinceDate: number;
  readonly headId: string;
  /** Open requests, the head included. */
  readonly depth: number;
  /** The incarnation that is sending the head. */
  readonly owner: string | undefined;
  readonly lastError: string | undefined;
}
