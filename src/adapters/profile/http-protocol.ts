import type { CommandType } from "../../requests/command.js";
import type { HttpAnswer } from "./http/answer-reader.js";
import type { RequestLayout } from "./http/request-layout.js";
import type { Received } from "./message/received.js";
import type { LoginVerdict } from "./rules/login-rules.js";
import type { OutcomeRules } from "./rules/outcome-rules.js";

/** A profile of HTTP requests, made ready once. */
export interface HttpProtocol {
  /** Without it a session stands as soon as the CA system takes a connection. */
  readonly login:
    | { readonly request: RequestLayout; readonly decide: (received: Received) => LoginVerdict }
    | undefined;
  readonly keepAlive:
    | { readonly request: RequestLayout; readonly isAlive: (received: Received) => boolean }
    | undefined;
  readonly commands: ReadonlyMap<CommandType, RequestLayout>;
  /** Every request, those that nothing sends too. */
  readonly sends: ReadonlyMap<string, RequestLayout>;
  readonly read: (request: RequestLayout, answer: HttpAnswer) => Received;
  readonly rules: OutcomeRules;
  /** Most bytes of an answer's body. */
  readonly maxBody: number;
  readonly minGapMs: number;
  readonly unwritableCode: string;
}
