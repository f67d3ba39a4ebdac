import type { z } from "zod";
import type { Call } from "../calls/call.js";
import type { TimeZone } from "../requests/time-zone.js";
import type { WebDeps } from "./web-deps.js";

/** What the work for a call over HTTP knows of it. */
export interface WebCall extends Call {
  /** The token that the call carries, if it does. */
  readonly token: string | undefined;
  /** Of the dates that have no offset. */
  readonly zone: TimeZone;
}

/** One call of the web API: what it takes, what it answers, and how. */
export interface Endpoint {
  readonly method: "GET" | "POST";
  /** Below the prefix; begins with a slash. */
  readonly path: string;
  /** For the documentation: a short line, and what else there is to know. */
  readonly summary: string;
  readonly description: string;
  /** Whether the call has to carry a token. */
  readonly authenticated: boolean;
  /** The parameters without `token`: of the body for POST, of the query for GET. */
  readonly parameters: z.ZodObject;
  /** The `data` of an answer that went well. */
  readonly data: z.ZodType;
  /** Does the call; resolves with `data` as JSON. */
  answer(deps: WebDeps, call: WebCall, parameters: unknown): Promise<string>;
}

interface Definition<Parameters extends z.ZodObject> extends Omit<Endpoint, "answer"> {
  readonly parameters: Parameters;
  answer(deps: WebDeps, call: WebCall, parameters: z.output<Parameters>): Promise<string>;
}

/** Declares an endpoint; its `answer` gets the parameters as their schema has found them. */
export function endpoint<Parameters extends z.ZodObject>(
  definition: Definition<Parameters>,
): Endpoint {
  return definition as Endpoint;
}
