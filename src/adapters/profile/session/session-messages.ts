import type { FaultSink } from "../format/fault-sink.js";
import type { SessionSection } from "../format/session-section.js";
import type { ReceiveLayout } from "../message/received.js";
import type { SendLayout } from "../message/send-layout.js";
import { loginRules } from "../rules/login-rules.js";
import type { StreamProtocol } from "../stream-protocol.js";

type Sent = (name: string, path: readonly string[]) => SendLayout | undefined;

/**
 * Makes what a session says for itself. `sent` finds a message of ours that needs no command, or
 * notes what is wrong with it.
 */
export function sessionMessages(
  section: SessionSection,
  receives: readonly ReceiveLayout[],
  sent: Sent,
  fault: FaultSink,
): Pick<StreamProtocol, "login" | "keepAlive" | "close"> {
  return {
    login: loginOf(section, receives, sent, fault),
    keepAlive: keepAliveOf(section, receives, sent, fault),
    close: section.close && sent(section.close.send, ["session", "close", "send"]),
  };
}

function loginOf(
  { login }: SessionSection,
  receives: readonly ReceiveLayout[],
  sent: Sent,
  fault: FaultSink,
): StreamProtocol["login"] {
  if (login === undefined) return undefined;
  const layout = sent(login.send, ["session", "login", "send"]);
  const at: FaultSink = (path, text) => fault(["session", "login", "answers", ...path], text);
  const opening = login.answers.find(({ outcome }) => outcome === "open");
  if (opening === undefined) at([], "must have one with outcome: open");
  const decide = loginRules(login.answers, receives, login.send, at);
  const message = opening?.when.message;
  const answers = typeof message === "string" ? message : `answer to ${login.send}`;
  return layout && { layout, decide, answers };
}

function keepAliveOf(
  { keep_alive: keepAlive }: SessionSection,
  receives: readonly ReceiveLayout[],
  sent: Sent,
  fault: FaultSink,
): StreamProtocol["keepAlive"] {
  if (keepAlive === undefined) return undefined;
  const layout = sent(keepAlive.send, ["session", "keep_alive", "send"]);
  const answer = receives.find(({ name }) => name === keepAlive.answer);
  if (answer === undefined) {
    const path = ["session", "keep_alive", "answer"];
    fault(path, `${keepAlive.answer} is no message that is received`);
  }
  return layout && answer && { layout, answer };
}
