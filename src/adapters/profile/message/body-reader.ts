import type { FieldCodec } from "../fields/field-codec.js";
import { Input } from "../fields/input.js";
import type { Value } from "../fields/value.js";
import type { ParameterList } from "./parameter-list.js";
import type { ReceivedValue } from "./received.js";

/** A field of a message of the CA system, as the profile wants it. */
export interface FieldToRead {
  readonly name: string;
  readonly codec: FieldCodec;
  readonly tag: number | undefined;
  readonly optional: boolean;
  /** How often it may come; undefined for once. */
  readonly repeated: number | undefined;
  /** Place among the fields of the one that says how often; undefined when none does. */
  readonly countedBy: number | undefined;
  /** It must say this. */
  readonly equals: Value | undefined;
}

/** A value that is not there as it must be. */
export const MALFORMED = Symbol("malformed");

/** Reads bodies of one message; one object is used for all of them. */
export interface BodyReader {
  /** Fields can be read in another order than theirs. */
  readonly anyOrder: boolean;
  /** Takes a body. Throws a `WireFault` when it does not even hold together. */
  begin(bytes: Buffer, start: number, end: number): void;
  /** The value of a field, asked for in their order. */
  read(index: number): ReceivedValue | typeof MALFORMED;
}

/** Parameters in any order, unknown ones ignored. */
export function parameterReader(
  fields: readonly FieldToRead[],
  parameters: ParameterList,
): BodyReader {
  const tags = Int32Array.from(fields, ({ tag }) => (tag ?? 0) | 0);
  const starts = new Int32Array(fields.length);
  const ends = new Int32Array(fields.length);
  const counts = new Int32Array(fields.length);
  const input = new Input();
  let bodyStart = 0;
  let bodyEnd = 0;

  function found(tag: number, start: number, end: number): void {
    const index = tags.indexOf(tag | 0);
    if (index < 0) return;
    starts[index] = start;
    ends[index] = end;
    counts[index] = (counts[index] as number) + 1;
  }

  function valueAt(codec: FieldCodec, start: number, end: number): Value | undefined {
    input.at = start;
    input.end = end;
    const value = codec.read(input);
    return input.at === end ? value : undefined;
  }

  return {
    anyOrder: true,
    begin(bytes, start, end) {
      counts.fill(0);
      input.bytes = bytes;
      bodyStart = start;
      bodyEnd = end;
      parameters.scan(bytes, start, end, found);
    },
    read(index) {
      const { codec, optional, repeated, tag, equals } = fields[index] as FieldToRead;
      const count = counts[index] as number;
      if (repeated !== undefined) {
        if (count > repeated) return MALFORMED;
        const values: Value[] = [];
        if (count === 0) return values;
        let malformed = false;
        parameters.scan(input.bytes, bodyStart, bodyEnd, (other, start, end) => {
          if (other !== tag || malformed) return;
          const value = valueAt(codec, start, end);
          if (value === undefined) malformed = true;
          else values.push(value);
        });
        return malformed ? MALFORMED : values;
      }
      if (count === 0 && optional) return undefined;
      if (count !== 1) return MALFORMED;
      const value = valueAt(codec, starts[index] as number, ends[index] as number);
      if (value === undefined || (equals !== undefined && value !== equals)) return MALFORMED;
      return value;
    },
  };
}

/** Fields one after the other. What is behind the last is ignored. */
export function sequenceReader(fields: readonly FieldToRead[]): BodyReader {
  const input = new Input();
  const numbers: number[] = [];
  return {
    anyOrder: false,
    begin(bytes, start, end) {
      input.bytes = bytes;
      input.at = start;
      input.end = end;
    },
    read(index) {
      const { codec, optional, repeated, countedBy, equals } = fields[index] as FieldToRead;
      if (repeated !== undefined) {
        const count = countedBy === undefined ? undefined : (numbers[countedBy] ?? 0);
        if (count !== undefined && count > repeated) return MALFORMED;
        const values: Value[] = [];
        while (count === undefined ? input.at < input.end : values.length < count) {
          const before = input.at;
          const value = codec.read(input);
          if (value === undefined || values.length >= repeated) return MALFORMED;
          // A field without bytes would come for ever.
          if (input.at === before && count === undefined) return MALFORMED;
          values.push(value);
        }
        return values;
      }
      if (optional && input.at >= input.end) return undefined;
      const value = codec.read(input);
      if (value === undefined || (equals !== undefined && value !== equals)) return MALFORMED;
      if (typeof value === "number") numbers[index] = value;
      return value;
    },
  };
}
