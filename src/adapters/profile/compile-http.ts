import type { CommandType } from "../../requests/command.js";
import type { FaultSink } from "./format/fault-sink.js";
import type { HttpProfile } from "./format/http-section.js";
import { answerReader } from "./http/answer-reader.js";
import { type RequestLayout, requestLayout } from "./http/request-layout.js";
import type { HttpProtocol } from "./http-protocol.js";
import type { ReceiveLayout } from "./message/received.js";
import { loginRules } from "./rules/login-rules.js";
import { match } from "./rules/match.js";
import { outcomeRules } from "./rules/outcome-rules.js";
import { checkQueries } from "./rules/query-fields.js";
import { variableFaults } from "./template/command-fault.js";
import { withMadeValues } from "./template/made-values.js";
import { rememberedFields } from "./template/remembered-fields.js";
import { sayCommands } from "./template/say-commands.js";
import { sendVariables } from "./template/send-variables.js";

/** Makes a profile of HTTP requests ready, once. */
export function compileHttp(profile: HttpProfile, fault: FaultSink): HttpProtocol {
  const { session, settings } = profile;
  const { fields } = profile.answer;
  const remembered = rememberedFields(session.login, (name) => fields[name]?.secret === true);
  const plain = sendVariables({ settings, remembered, correlated: false });
  const find = withMadeValues(profile.values, plain, fault);
  const answer = answerReader(profile.answer, (path, text) => fault(["answer", ...path], text));
  if (Object.hasOwn(fields, "status")) fault(["answer", "fields", "status"], "is there already");

  const sends = new Map<string, RequestLayout>();
  const layouts = new Map<string, ReceiveLayout>();
  for (const [name, section] of Object.entries(profile.requests)) {
    const tools = { headers: profile.headers, find };
    sends.set(
      name,
      requestLayout(name, section, tools, (path, text) => fault(["requests", name, ...path], text)),
    );
    layouts.set(name, { name, fields: answer.fields, correlation: -1 });
  }

  function sent(name: string, path: readonly PropertyKey[], command?: CommandType) {
    const layout = sends.get(name);
    if (layout === undefined) fault(path, `${name} is not in requests`);
    for (const wrong of variableFaults(layout?.variables ?? [], command)) {
      fault(path, `${name} ${wrong}`);
    }
    return layout;
  }

  const commands = sayCommands(profile.commands, sent, fault);
  checkQueries(commands.keys(), profile.rules, fault);
  return {
    login: loginOf(),
    keepAlive: keepAliveOf(),
    commands,
    sends,
    read: ({ name }, received) => answer.read(layouts.get(name) ?? NO_LAYOUT, received),
    rules: outcomeRules(profile.rules, [...layouts.values()], (path, text) =>
      fault(["rules", ...path], text),
    ),
    maxBody: profile.answer.max,
    minGapMs: session.min_gap_ms,
    unwritableCode: String(profile.unwritable_code),
  };

  function loginOf(): HttpProtocol["login"] {
    const { login } = session;
    const request = login && sent(login.send, ["session", "login", "send"]);
    if (login === undefined || request === undefined) return undefined;
    const at: FaultSink = (path, text) => fault(["session", "login", "answers", ...path], text);
    if (!login.answers.some(({ outcome }) => outcome === "open")) {
      at([], "must have one with outcome: open");
    }
    const layout = layouts.get(login.send) ?? NO_LAYOUT;
    return { request, decide: loginRules(login.answers, [layout], login.send, at) };
  }

  function keepAliveOf(): HttpProtocol["keepAlive"] {
    const { keep_alive: keepAlive } = session;
    const request = keepAlive && sent(keepAlive.send, ["session", "keep_alive", "send"]);
    if (keepAlive === undefined || request === undefined) return undefined;
    const layout = layouts.get(keepAlive.send) ?? NO_LAYOUT;
    const path = ["session", "keep_alive"];
    // `when` is what conditions are called in rules, `alive` is what this one is called.
    const isAlive = match(
      { ...keepAlive.alive, message: keepAlive.send },
      layout,
      ([, ...at], text) => fault([...path, "alive", ...at], text),
    );
    return { request, isAlive: isAlive ?? (() => false) };
  }
}

const NO_LAYOUT: ReceiveLayout = { name: "", fields: [], correlation: -1 };
