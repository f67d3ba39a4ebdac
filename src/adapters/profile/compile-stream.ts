import type { CommandType } from "../../requests/command.js";
import type { FaultSink } from "./format/fault-sink.js";
import type { StreamProfile } from "./format/profile-section.js";
import { cutterMaker } from "./framing/make-cutter.js";
import { fieldTable } from "./message/field-table.js";
import { frameShape } from "./message/frame-shape.js";
import { messageReader } from "./message/message-reader.js";
import { messageSet } from "./message/message-set.js";
import { parameterList } from "./message/parameter-list.js";
import { outcomeRules } from "./rules/outcome-rules.js";
import { checkQueries } from "./rules/query-fields.js";
import { correlationMaker } from "./session/correlations.js";
import { sessionMessages } from "./session/session-messages.js";
import type { StreamProtocol } from "./stream-protocol.js";
import { variableFaults } from "./template/command-fault.js";
import { withMadeValues } from "./template/made-values.js";
import { rememberedFields } from "./template/remembered-fields.js";
import { sayCommands } from "./template/say-commands.js";
import { sendVariables } from "./template/send-variables.js";

/** Makes a profile ready, once: what is left to do for a message are calls, no look-ups. */
export function compileStream(profile: StreamProfile, fault: FaultSink): StreamProtocol {
  const { byte_order: order, body, session, correlation } = profile;
  const fields = fieldTable(profile.fields, order);
  const shape = frameShape(profile, fields, fault);
  const parameters = body.layout === "parameters" ? parameterList(body, order) : undefined;
  if (body.layout === "parameters") checkTags(profile, Number(body.tag.slice(1)), fault);
  const remembered = rememberedFields(session.login, (name) => fields.get(name)?.secret === true);
  const plain = sendVariables({ settings: profile.settings, remembered, correlated: true });
  const find = withMadeValues(profile.values, plain, fault);
  const set = messageSet(profile, { fields, shape, parameters, find }, fault);

  function sent(name: string, path: readonly string[], command?: CommandType) {
    const layout = set.sends.get(name);
    if (layout === undefined) {
      fault(path, `${name} is no message that is sent`);
      return undefined;
    }
    for (const wrong of variableFaults(layout.variables, command)) fault(path, `${name} ${wrong}`);
    // Nobody answers a good-bye.
    if (!layout.variables.has("correlation") && path[1] !== "close") {
      fault(path, `${name} does not send {correlation}, by which its answer is known`);
    }
    return layout;
  }

  const commands = sayCommands(profile.commands, sent, fault);
  checkQueries(commands.keys(), profile.rules, fault);
  const correlated = fields.get(correlation.field);
  if (correlated === undefined) fault(["correlation", "field"], "is not in fields");
  return {
    ...sessionMessages(session, set.receives, sent, fault),
    commands,
    sends: set.sends,
    read: messageReader(shape, set.typed, set.showType),
    rules: outcomeRules(profile.rules, set.receives, (path, text) =>
      fault(["rules", ...path], text),
    ),
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
