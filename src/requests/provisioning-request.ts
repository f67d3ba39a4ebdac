import type { Command } from "./command.js";
import type { LifeCycleState } from "./life-cycle.js";
import type { Priority } from "./priority.js";
import type { QueryAnswer } from "./query-answer.js";
import type { WaitingFor } from "./waiting-for.js";

/** Who refused: this service (see ServiceErrorCode) or the CA system (its own code, in decimal). */
export type ErrorOrigin = "SERVICE" | "CA_SYSTEM";

/** The error codes that the service itself gives to a rejected request. */
export type ServiceErrorCode = "EXPIRED" | "ATTEMPTS_EXHAUSTED" | "OUTCOME_UNKNOWN";

/** A provisioning request as callers see it. Dates are milliseconds since 1970 UTC. */
export interface ProvisioningRequest {
  /** UUIDv7. */
  readonly id: string;
  /** Rises with each request of this database; never given twice. */
  readonly number: number;
  readonly command: Command;
  readonly provider: string;
  readonly subscription: { readonly id: string; readonly number: string };
  readonly smartcard: {
    readonly id: string;
    readonly serialNumber: string;
    readonly alternativeCode: string | undefined;
    readonly caId: string;
  };
  readonly scheduledDate: number;
  readonly processImmediately: boolean;
  readonly priority: Priority;
  readonly expireDate: number | undefined;
  readonly requestId: string | undefined;
  readonly callerReference: string | undefined;
  readonly onBehalfOf: string | undefined;
  readonly reason: string | undefined;
  readonly retryOf: string | undefined;
  readonly createdDate: number;
  readonly createdBy: string;

  readonly lifeCycleState: LifeCycleState;
  /** 0 until it is claimed for the first time. */
  readonly sequenceNumber: number;
  readonly transactionNumber: number;
  /** When it was last sent. */
  readonly executedDate: number | undefined;
  /** Readable wire text, PINs masked; only in the full view. */
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly referenceNumber: string | undefined;
  /** What the CA system told; only of a COMPLETED query. */
  readonly answer: QueryAnswer | undefined;
  readonly errorCode: string | undefined;
  readonly errorDescription: string | undefined;
  readonly errorOrigin: ErrorOrigin | undefined;
  /** Charged answers, the final one included. */
  readonly attempts: number;
  readonly nextAttemptDate: number | undefined;
  readonly lastError: string | undefined;
  readonly processName: string | undefined;
  readonly processId: string | undefined;
  readonly updatedDate: number;
  readonly updatedBy: string;
  /** Why it waits, while it is PENDING. */
  readonly waitingFor: WaitingFor | undefined;
  /** The request it waits for, when that is what it waits for. */
  readonly waitingForId: string | undefined;
}
