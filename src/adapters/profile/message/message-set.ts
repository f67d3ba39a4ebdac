import type { FieldCodec } from "../fields/field-codec.js";
import type { Value } from "../fields/value.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { StreamProfile } from "../format/profile-section.js";
import { constantAsRead } from "./constant.js";
import { type ReadableLayout, receiveLayout } from "./receive-layout.js";
import { type MessageTools, type SendLayout, sendLayout } from "./send-layout.js";

/** The messages of a profile. */
export interface MessageSet {
  readonly sends: ReadonlyMap<string, SendLayout>;
  readonly receives: readonly ReadableLayout[];
  /** Those that are received by what the header says of their type. */
  readonly typed: ReadonlyMap<Value | undefined, ReadableLayout>;
  /** A type as people write it, such as `0x8004`. */
  readonly showType: (type: Value) => string;
}

type Profile = Pick<StreamProfile, "messages" | "header" | "correlation">;

/** Makes every message. */
export function messageSet(profile: Profile, tools: MessageTools, fault: FaultSink): MessageSet {
  const sends = new Map<string, SendLayout>();
  const receives: ReadableLayout[] = [];
  const typed = new Map<Value | undefined, ReadableLayout>();
  const hasType = profile.header.some((item) => "holds" in item && item.holds === "type");
  const typeCodec = tools.shape.header.find(({ role }) => role === "type")?.codec;
  for (const [name, message] of Object.entries(profile.messages)) {
    const at: FaultSink = (path, text) => fault(["messages", name, ...path], text);
    if (message.type !== undefined && !hasType) at(["type"], "means nothing: no field holds it");
    if (message.send !== undefined) {
      sends.set(name, sendLayout(name, message, tools, at));
      continue;
    }
    const layout = receiveLayout(name, message, profile.correlation.field, tools, at);
    receives.push(layout);
    if (hasType && message.type === undefined) at([], "must have a type");
    const type = keyOf(message.type, typeCodec);
    const other = typed.get(type);
    if (other !== undefined) at(["type"], `is that of ${other.name}`);
    typed.set(type, layout);
  }
  if (receives.length === 0) fault(["messages"], "must have one that is received");
  const digits = 2 * (typeCodec?.width ?? 1);
  return {
    sends,
    receives,
    typed,
    showType: (type) =>
      typeof type === "number" ? `0x${type.toString(16).padStart(digits, "0")}` : String(type),
  };
}

function keyOf(type: Value | undefined, codec: FieldCodec | undefined): Value | undefined {
  return type === undefined || codec === undefined ? type : constantAsRead(codec, type);
}
