import type { CreateDeps } from "../accept/create-and-wait.js";
import type { LogInDeps } from "../auth/log-in.js";
import type { PullDesk } from "../pull/pull-desk.js";

/** What the calls of the web API need of the service. */
export interface WebDeps {
  readonly auth: LogInDeps;
  readonly create: CreateDeps;
  readonly pull: Pick<PullDesk, "claim" | "answer">;
}
