import { type Output, UnwritableValue } from "../fields/output.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { MessageSection } from "../format/message-section.js";
import type { SendScope } from "../template/send-scope.js";
import type { FieldTable } from "./field-table.js";
import type { FrameShape } from "./frame-shape.js";
import { frameWriter } from "./frame-writer.js";
import type { ParameterList } from "./parameter-list.js";
import { type FindVariable, type WriteStep, writeStep } from "./write-field.js";

/** What writes one field of a message of ours. */
export interface FieldStep {
  readonly name: string;
  readonly step: WriteStep;
  /** What its template needs. */
  readonly variables: readonly string[];
  /** The same for fields that are written in the same way. */
  readonly key: string;
}

/** A message of ours. */
export interface SendLayout {
  readonly name: string;
  /** What its templates need. */
  readonly variables: ReadonlySet<string>;
  /** The fields of its body, in order. */
  readonly fields: readonly FieldStep[];
  /**
   * Writes the whole frame, and its readable form, from the start of `out`. Throws an
   * `UnwritableValue` that names the field.
   */
  encode(scope: SendScope, out: Output): void;
}

/** What all messages of a profile are made with. */
export interface MessageTools {
  readonly fields: FieldTable;
  readonly shape: FrameShape;
  /** Undefined when the body is a sequence. */
  readonly parameters: ParameterList | undefined;
  readonly find: FindVariable;
}

/** Makes what writes one message. */
export function sendLayout(
  name: string,
  { type, send = {} }: MessageSection,
  tools: MessageTools,
  fault: FaultSink,
): SendLayout {
  const variables = new Set<string>();
  const fields: FieldStep[] = [];
  for (const [fieldName, written] of Object.entries(send)) {
    const at: FaultSink = (path, text) => fault(["send", fieldName, ...path], text);
    const known = tools.fields.get(fieldName);
    if (known === undefined) {
      at([], "is not in fields");
      continue;
    }
    const { codec, secret, tag } = known;
    let write = codec.write;
    if (tools.parameters !== undefined) {
      if (tag === undefined) {
        at([], "has no tag");
        continue;
      }
      const parameter = tools.parameters.writer(tag, codec);
      if ("fault" in parameter) {
        at([], parameter.fault);
        continue;
      }
      write = parameter.write;
    }
    const made = writeStep(
      { name: fieldName, codec, secret, write, shown: true },
      written,
      tools.find,
      at,
    );
    if (made === undefined) continue;
    fields.push({ name: fieldName, ...made, key: JSON.stringify([fieldName, written]) });
    for (const variable of made.variables) variables.add(variable);
  }
  const steps = fields.map(({ step }) => step);
  const frame = frameWriter(tools.shape, { name, type }, tools.find, fault);
  for (const variable of frame.variables) variables.add(variable);

  return {
    name,
    variables,
    fields,
    encode(scope, out) {
      out.begin(name);
      try {
        frame.write(scope, out, steps);
      } catch (error) {
        if (error instanceof UnwritableValue && out.field !== "") {
          throw new UnwritableValue(`${out.field} ${error.message}`, error.ofSession);
        }
        throw error;
      }
    },
  };
}
