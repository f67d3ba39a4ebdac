import type { IncomingHttpHeaders } from "node:http";
import { cleanText } from "../fields/clean-text.js";
import { showText } from "../fields/show-text.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { AnswerFieldSection, AnswerSection } from "../format/http-section.js";
import type { Received, ReceivedField, ReceivedValue, ReceiveLayout } from "../message/received.js";
import { delaySeconds } from "./delay.js";
import { jsonAt, type PathSteps, parsePath, xmlAt } from "./paths.js";
import { readXml } from "./xml-reader.js";

/** One answer as it came. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Reads answers to one kind of request. */
export type AnswerReader = (layout: ReceiveLayout, answer: HttpAnswer) => Received;

/** Longer values are cut: they go into tables and lists. */
const MAX_TEXT = 2_000;

/** What is asked of the body, once it is taken apart. */
type Look = (
  body: { readonly at: (steps: PathSteps) => string[]; readonly whole: string },
  answer: HttpAnswer,
) => string[];

/** Makes the reading of answers, and the fields that each has. */
export function answerReader(
  section: AnswerSection,
  fault: FaultSink,
): { readonly fields: readonly ReceivedField[]; readonly read: AnswerReader } {
  const entries = Object.entries(section.fields);
  const fields: ReceivedField[] = [
    { name: "status", kind: "number", list: false, secret: false, show: String },
    ...entries.map(([name, { kind, repeated, secret }]) => ({
      name,
      kind: kind === "text" ? ("text" as const) : ("number" as const),
      list: repeated !== undefined,
      secret,
      show: (value: number | bigint | string) => showText(String(value)),
    })),
  ];
  const counts = entries.map(([name, field]) =>
    countSlot(field, fields, (text) => fault(["fields", name, "count"], text)),
  );
  const looks = entries.map(([name, field]) =>
    lookOf(field, section, (text) => fault(["fields", name], text)),
  );

  return {
    fields,
    read(layout, answer) {
      const body = { at: bodyAt(section.body, answer.body), whole: answer.body.toString("utf8") };
      const values: ReceivedValue[] = [answer.status];
      for (const [index, [, field]] of entries.entries()) {
        values.push(fieldValue(field, looks[index]?.(body, answer) ?? [], answer));
      }
      for (const [index, slot] of counts.entries()) {
        const list = values[index + 1];
        if (slot === undefined || typeof list !== "object" || list.length === values[slot])
          continue;
        values[index + 1] = undefined;
      }
      return { layout, values, correlation: 0, unreadable: undefined };
    },
  };
}

/** Where the number of a list's values is told; undefined where nowhere. */
function countSlot(
  { count, repeated }: AnswerFieldSection,
  fields: readonly ReceivedField[],
  fault: (text: string) => void,
): number | undefined {
  if (count === undefined) return undefined;
  const slot = fields.findIndex(
    ({ name, kind, list }) => name === count && kind === "number" && !list,
  );
  if (repeated === undefined) fault("means nothing for one value");
  else if (slot < 0) fault("must name a field that is one number");
  return slot;
}

function lookOf(
  field: AnswerFieldSection,
  { body }: AnswerSection,
  fault: (text: string) => void,
): Look {
  const { path, header, whole } = field;
  if ([path, header, whole].filter((source) => source !== undefined).length !== 1) {
    fault("must have a path, a header or whole: true, and only one of them");
    return () => [];
  }
  if (header !== undefined) {
    const name = header.toLowerCase();
    return (_, { headers }) => [headers[name] ?? []].flat();
  }
  if (path === undefined) return ({ whole: text }) => [text];
  const paths = [path].flat();
  if (body === "text") fault("has a path, which a text has not");
  const parsed = paths.map((each) => {
    const steps = parsePath(each);
    if (steps === undefined) fault(`${each} is no path`);
    return steps ?? [];
  });
  return ({ at }) => {
    for (const steps of parsed) {
      const found = at(steps);
      if (found.length > 0) return found;
    }
    return [];
  };
}

/** What the body has at paths; nothing when it is not what it should be. */
function bodyAt(kind: AnswerSection["body"], bytes: Buffer): (steps: PathSteps) => string[] {
  if (kind === "json") {
    let root: unknown;
    try {
      root = JSON.parse(bytes.toString("utf8"));
    } catch {
      return () => [];
    }
    return (steps) => jsonAt(root, steps);
  }
  if (kind === "text") return () => [];
  const read = readXml(bytes.toString("utf8"));
  return (steps) => ("root" in read ? xmlAt(read.root, steps) : []);
}

/** More values than are wanted, or one that is no number, are as good as none. */
function fieldValue(
  { kind, repeated }: AnswerFieldSection,
  found: readonly string[],
  { headers }: HttpAnswer,
): ReceivedValue {
  const made = found.map((text) => {
    if (kind === "text") return cleanText(text.slice(0, MAX_TEXT));
    if (kind === "delay") return delaySeconds(text, headers.date);
    return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
  });
  const values = made.filter((value) => value !== undefined);
  if (values.length < made.length) return undefined;
  if (repeated !== undefined) return values.length > repeated ? undefined : values;
  return values.length === 1 ? values[0] : undefined;
}
