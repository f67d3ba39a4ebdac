import type { Path } from "../../../config/yaml-source.js";
import type { FieldCodec } from "../fields/field-codec.js";
import { type Output, UnwritableValue } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { Written } from "../format/message-section.js";
import { sendCondition } from "../template/send-condition.js";
import type { SendScope } from "../template/send-scope.js";
import { blamingSession, isOfSession } from "../template/session-blame.js";
import { type Find, parseTemplate, type Template } from "../template/template.js";
import { constantBytes } from "./constant.js";

/** Writes one field of a message of ours, or leaves it out. */
export type WriteStep = (scope: SendScope, out: Output) => void;

export type FindVariable = Find<SendScope>;

/** A field as it is to be written. */
export interface FieldToWrite {
  readonly name: string;
  readonly codec: FieldCodec;
  readonly secret: boolean;
  /** Writes a value with what its body puts around it. */
  readonly write: (out: Output, value: Value) => void;
  /** Shown in the readable form. */
  readonly shown: boolean;
}

/** Makes the step that writes a field, with the names of the variables it needs. */
export function writeStep(
  field: FieldToWrite,
  written: Written,
  find: FindVariable,
  fault: FaultSink,
): { readonly step: WriteStep; readonly variables: readonly string[] } | undefined {
  const spec = typeof written === "object" ? written : { value: written };
  const parsed = parseTemplate(spec.value, find);
  if ("fault" in parsed) {
    fault(typeof written === "object" ? ["value"] : [], parsed.fault);
    return undefined;
  }
  const { template } = parsed;
  const wants = spec.when && sendCondition(spec.when, find, fault);
  for (const [path, value] of constantsOf(spec, template)) {
    const made = constantBytes(field.codec, value);
    if ("fault" in made) fault(typeof written === "object" ? path : [], made.fault);
  }
  const put = putter(field, template.secret || field.secret);
  const convert = casesOf(spec.cases);
  const { absent, repeated = Number.POSITIVE_INFINITY } = spec;
  if (spec.repeated !== undefined && !template.list) {
    fault(["repeated"], "means nothing for one value");
  }

  const write: WriteStep = (scope, out) => {
    out.field = field.name;
    const value = template.get(scope);
    if (value === undefined) {
      if (absent !== undefined) put(out, absent);
      else if (!template.optional) throw new UnwritableValue("is missing");
    } else if (typeof value === "object") {
      if (value.length > repeated) {
        throw new UnwritableValue(`has ${value.length} values, over ${repeated}`);
      }
      for (const each of value) put(out, convert(each));
    } else put(out, convert(value));
  };
  const step = isOfSession(template.variables) ? blamingSession(write) : write;
  return {
    step:
      wants === undefined ? step : (scope, out) => (wants(scope) ? step(scope, out) : undefined),
    variables: [...template.variables, ...Object.keys(spec.when ?? {})],
  };
}

/** What is written as it stands in the profile: whether it can be is known before it is. */
function constantsOf(
  { value, cases, absent }: Extract<Written, object>,
  { variables }: Template<SendScope>,
): (readonly [Path, Value])[] {
  const found: (readonly [Path, Value])[] = Object.entries(cases ?? {}).map(([name, each]) => [
    ["cases", name],
    each,
  ]);
  if (absent !== undefined) found.push([["absent"], absent]);
  if (variables.length === 0 && cases === undefined) found.push([["value"], value]);
  return found;
}

function putter({ name, codec, write, shown }: FieldToWrite, secret: boolean) {
  const label = ` ${name}=`;
  return (out: Output, value: Value): void => {
    const start = out.at;
    write(out, value);
    if (shown) out.text += secret ? `${label}****` : label + codec.show(value);
    out.trace?.(name, start, out.at, secret ? "****" : codec.show(value));
  };
}

function casesOf(cases: Readonly<Record<string, Value>> | undefined): (value: Value) => Value {
  if (cases === undefined) return (value) => value;
  const table = new Map(Object.entries(cases));
  return (value) => {
    const found = table.get(String(value));
    if (found === undefined) throw new UnwritableValue("has a value without a case");
    return found;
  };
}
