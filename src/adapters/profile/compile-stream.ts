import { type CommandType, isCommandType } from "../../requests/command.js";
import type { Value } from "./fields/value.js";
import type { FaultSink } from "./format/fault-sink.js";
import type { StreamProfile } from "./format/profile-section.js";
import { cutterMaker } from "./framing/make-cutter.js";
import { fieldTable } from "./message/field-table.js";
import { frameShape } from "./message/frame-shape.js";
import { messageReader } from "./message/message-reader.js";
import { parameterList } from "./message/parameter-list.js";
import { type ReadableLayout, receiveLayout } from "./message/receive-layout.js";
import { type MessageTools, type SendLayout, sendLayout } from "./message/send-layout.js";
import { loginRules } from "./rules/login-rules.js";
import { outcomeRules } from "./rules/outcome-rules.js";
import { correlationMaker } from "./session/correlations.js";
import type { StreamProtocol } from "./stream-protocol.js";
import { commandFault, variableFaults } from "./template/command-fault.js";
import { withMadeValues } from "./template/made-values.js";
import { rememberedFields } from "./template/remembered-fields.js";
import { sendVariables } from "./template/send-variables.js";

/** Makes a profile ready, once: what is left to do for a message are calls, no look-ups. */
export function compileStream(profile: StreamProfile, fault: FaultSink): StreamProtocol {
  const { byte_order: order, body, session, correlation } = profile;
  const fields = fieldTable(profile.fields, order);
  const shape = frameShape(profile, fields, fault);
  const parameters = body.layout === "parameters" ? parameterList(body, order) : undefined;
  if (body.layout === "parameters") checkTags(profile, Number(body.tag.slice(1)), fault);
  const remembered = rememberedFields(session.login, (name) => fields.get(name)?.secret === true);
  const find = sendVariables({ settings: profile.settings, remembered, correlated: true });
  const made = withMadeValues(profile.values, find, fault);
  const tools: MessageTools = { fields, shape, parameters, find: made };

  const sends = new Map<string, SendLayout>();
  const receives: ReadableLayout[] = [];
  const typed = new Map<Value | undefined, ReadableLayout>();
  const hasType = profile.header.some((item) => "holds" in item && item.holds === "type");
  for (const [name, message] of Object.entries(profile.messages)) {
    const at: FaultSink = (path, text) => fault(["messages", name, ...path], text);
    if (message.type !== undefined && !hasType) at(["type"], "means nothing: no field holds it");
    if (message.send !== undefined) {
      sends.set(name, sendLayout(name, message, tools, at));
      continue;
    }
    const layout = receiveLayout(name, message, correlation.field, tools, at);
    receives.push(layout);
    if (hasType && message.type === undefined) at([], "must have a type");
    const other = typed.get(message.type);
    if (other !== undefined) at(["type"], `is that of ${other.name}`);
    typed.set(message.type, layout);
  }
  if (receives.length === 0) fault(["messages"], "must have one that is received");

  const correlated = fields.get(correlation.field);
  if (correlated === undefined) fault(["correlation", "field"], "is not in fields");

  function sent(name: string, path: readonly PropertyKey[], command?: CommandType) {
    const layout = sends.get(name);
    if (layout === undefined) {
      fault(path, `${name} is no message that is sent`);
      return undefined;
    }
    for (const wrong of variableFaults(layout.variables, command)) fault(path, `${name} ${wrong}`);
    if (!layout.variables.has("correlation") && path[1] !== "close") {
      fault(path, `${name} does not send {correlation}, by which its answer is known`);
    }
    return layout;
  }

  const commands = new Map<CommandType, SendLayout>();
  for (const [command, name] of Object.entries(profile.commands)) {
    const wrong = commandFault(command);
    if (wrong !== undefined) fault(["commands", command], wrong);
    else if (isCommandType(command)) {
      const layout = sent(name, ["commands", command], command);
      if (layout !== undefined) commands.set(command, layout);
    }
  }
  if (commands.size === 0) fault(["commands"], "must have one");

  const { login, keep_alive: keepAlive, close } = session;
  const loginLayout = login && sent(login.send, ["session", "login", "send"]);
  const keepAliveLayout = keepAlive && sent(keepAlive.send, ["session", "keep_alive", "send"]);
  const keepAliveAnswer = receives.find(({ name }) => name === keepAlive?.answer);
  if (keepAlive !== undefined && keepAliveAnswer === undefined) {
    fault(
      ["session", "keep_alive", "answer"],
      `${keepAlive.answer} is no message that is received`,
    );
  }
  const opening = login?.answers.find(({ outcome }) => outcome === "open");
  if (login !== undefined && opening === undefined) {
    fault(["session", "login", "answers"], "must have one with outcome: open");
  }
  const typeItem = shape.header.find(({ role }) => role === "type");
  const showType = (type: Value) =>
    typeof type === "number"
      ? `0x${type.toString(16).padStart(2 * (typeItem?.codec.width ?? 1), "0")}`
      : String(type);

  return {
    login: loginLayout && {
      layout: loginLayout,
      answers: loginAnswer(opening?.when.message, loginLayout.name),
      decide: loginRules(login?.answers ?? [], receives, loginLayout.name, (path, text) =>
        fault(["session", "login", "answers", ...path], text),
      ),
    },
    keepAlive: keepAliveLayout &&
      keepAliveAnswer && { layout: keepAliveLayout, answer: keepAliveAnswer },
    close: close && sent(close.send, ["session", "close", "send"]),
    commands,
    sends,
    read: messageReader(shape, typed, showType),
    rules: outcomeRules(profile.rules, receives, (path, text) => fault(["rules", ...path], text)),
    newCutter: cutterMaker(shape),
    newCorrelations:
      correlated === undefined
        ? () => ({ ofSession: () => 0, ofCommand: () => 0 })
        : correlationMaker(correlation, correlated.codec, (path, text) =>
            fault(["correlation", ...path], text),
          ),
    messageTimeoutMs: session.message_timeout_ms,
    minGapMs: session.min_gap_ms,
    unwritableCode: String(profile.unwritable_code),
    parts: { fields, shape, parameters },
  };
}

/** What a login waits for, in words for people. */
function loginAnswer(message: unknown, login: string): string {
  return typeof message === "string" ? message : `answer to ${login}`;
}

function checkTags(profile: StreamProfile, bits: number, fault: FaultSink): void {
  const owners = new Map<number, string>();
  for (const [name, { tag }] of Object.entries(profile.fields)) {
    if (tag === undefined) continue;
    const owner = owners.get(tag);
    if (owner !== undefined) fault(["fields", name, "tag"], `is that of ${owner}`);
    if (tag >= 2 ** bits) fault(["fields", name, "tag"], `must be at most ${2 ** bits - 1}`);
    owners.set(tag, name);
  }
}
