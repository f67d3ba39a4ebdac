import type { CreateDeps } from "../accept/create-and-wait.js";
import type { LogInDeps } from "../auth/log-in.js";

/** What the calls of the web API need of the service. */
export interface WebDeps {
  readonly auth: LogInDeps;
  readonly create: CreateDeps;
}
