import type { CommandType } from "../../requests/command.js";
import type { FrameCutter } from "./framing/frame-cutter.js";
import type { MessageReader } from "./message/message-reader.js";
import type { Received, ReceiveLayout } from "./message/received.js";
import type { MessageTools, SendLayout } from "./message/send-layout.js";
import type { LoginVerdict } from "./rules/login-rules.js";
import type { OutcomeRules } from "./rules/outcome-rules.js";
import type { Correlations } from "./session/correlations.js";

/** A profile of messages on a connection, made ready once. */
export interface StreamProtocol {
  /** Without it a session stands as soon as its connection does. */
  readonly login:
    | {
        readonly layout: SendLayout;
        readonly decide: (received: Received) => LoginVerdict;
        readonly answers: string;
      }
    | undefined;
  readonly keepAlive: { readonly layout: SendLayout; readonly answer: ReceiveLayout } | undefined;
  /** What says good-bye; without it the connection is just closed. */
  readonly close: SendLayout | undefined;
  readonly commands: ReadonlyMap<CommandType, SendLayout>;
  /** Every message of ours, those that nothing sends too. */
  readonly sends: ReadonlyMap<string, SendLayout>;
  readonly read: MessageReader;
  readonly rules: OutcomeRules;
  readonly newCutter: () => FrameCutter;
  readonly newCorrelations: () => Correlations;
  readonly messageTimeoutMs: number;
  readonly minGapMs: number;
  readonly unwritableCode: string;
  /** What messages are made of, for who takes them apart. */
  readonly parts: Omit<MessageTools, "find">;
}
