import type { FieldCodec } from "../fields/field-codec.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { MessageSection, Read } from "../format/message-section.js";
import {
  type BodyReader,
  type FieldToRead,
  parameterReader,
  sequenceReader,
} from "./body-reader.js";
import { constantAsRead, constantBytes } from "./constant.js";
import type { ResolvedItem } from "./frame-item.js";
import type { ReceivedField, ReceiveLayout } from "./received.js";
import type { MessageTools } from "./send-layout.js";

/** A message of the CA system, with what reads its body. */
export interface ReadableLayout extends ReceiveLayout {
  readonly body: BodyReader;
  /** How many of its first fields are of the header or trailer. */
  readonly framed: number;
}

/** Makes what reads one message. */
export function receiveLayout(
  name: string,
  { receive = {} }: MessageSection,
  correlation: string,
  tools: MessageTools,
  fault: FaultSink,
): ReadableLayout {
  const framed = [...tools.shape.header, ...tools.shape.trailer].filter(isValue).map(shownItem);
  const toRead: FieldToRead[] = [];
  const body: ReceivedField[] = [];
  for (const [fieldName, read] of Object.entries(receive)) {
    const at: FaultSink = (path, text) => fault(["receive", fieldName, ...path], text);
    const known = tools.fields.get(fieldName);
    if (known === undefined) {
      at([], "is not in fields");
      continue;
    }
    const { codec, tag, secret } = known;
    if (tools.parameters !== undefined && tag === undefined) at([], "has no tag");
    toRead.push({ name: fieldName, codec, tag, ...reading(read, codec, toRead, at, tools) });
    if (typeof read === "object" && "equals" in read) {
      const made = constantBytes(codec, read.equals);
      if ("fault" in made) at(["equals"], made.fault);
    }
    const list = typeof read === "object" && "repeated" in read;
    body.push({
      name: fieldName,
      kind: codec.kind,
      list,
      secret,
      show: (value) => codec.show(value),
    });
  }
  const fields = [...framed, ...body];
  const slot = fields.findIndex((field) => field.name === correlation);
  if (slot < 0) fault(["receive"], `must have ${correlation}, by which its command is known`);
  const reader =
    tools.parameters === undefined
      ? sequenceReader(toRead)
      : parameterReader(toRead, tools.parameters);
  return { name, fields, body: reader, framed: framed.length, correlation: slot };
}

function isValue(item: ResolvedItem): boolean {
  return item.role === "value";
}

function shownItem({ name, codec, secret }: ResolvedItem): ReceivedField {
  return { name, kind: codec.kind, list: false, secret, show: (value) => codec.show(value) };
}

function reading(
  read: Read,
  codec: FieldCodec,
  before: readonly FieldToRead[],
  fault: FaultSink,
  { parameters }: MessageTools,
): Pick<FieldToRead, "optional" | "repeated" | "countedBy" | "equals"> {
  const once = { optional: false, repeated: undefined, countedBy: undefined, equals: undefined };
  if (typeof read === "string") return { ...once, optional: read === "optional" };
  if ("equals" in read) return { ...once, equals: constantAsRead(codec, read.equals) };
  if (read.count === undefined) return { ...once, repeated: read.repeated };
  const countedBy = before.findIndex(({ name }) => name === read.count);
  if (parameters !== undefined) fault(["count"], "means nothing where the body is parameters");
  else if (countedBy < 0 || before[countedBy]?.codec.kind !== "number") {
    fault(["count"], "must name a number that comes before");
  }
  return { ...once, repeated: read.repeated, countedBy };
}
