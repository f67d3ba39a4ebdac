import type { FieldCodec } from "../fields/field-codec.js";
import { Input } from "../fields/input.js";
import { type Output, UnwritableValue } from "../fields/output.js";
import { type ByteOrder, unsigned } from "../fields/unsigned.js";
import type { Value } from "../fields/value.js";
import type { BodySection } from "../format/framing-section.js";
import { constantBytes } from "./constant.js";
import { WireFault } from "./wire-fault.js";

/** Writes one parameter with its tag and length. */
export type ParameterWriter = (out: Output, value: Value) => void;

/** A list of parameters, each with tag, length and value. */
export interface ParameterList {
  /** What writes parameters of one tag, or why they cannot be written. */
  writer(
    tag: number,
    codec: FieldCodec,
  ): { readonly write: ParameterWriter } | { readonly fault: string };
  /** Calls back with each parameter of the body. Throws a `WireFault` when one runs over its end. */
  scan(
    bytes: Buffer,
    start: number,
    end: number,
    found: (tag: number, start: number, end: number) => void,
  ): void;
}

/** Makes the reading and writing of parameters from a profile's `body`. */
export function parameterList(
  body: Extract<BodySection, { layout: "parameters" }>,
  order: ByteOrder,
): ParameterList {
  const tags = unsigned(Number(body.tag.slice(1)) / 8, body.tag_byte_order ?? order);
  const lengths = unsigned(Number(body.length.slice(1)) / 8, body.length_byte_order ?? order);
  const headWidth = (tags.width ?? 0) + (lengths.width ?? 0);
  const extra = body.counts === "parameter" ? headWidth : 0;
  const input = new Input();

  function writer(tag: number, codec: FieldCodec): ReturnType<ParameterList["writer"]> {
    const tagged = constantBytes(tags, tag);
    if ("fault" in tagged) return { fault: `has a tag that ${tagged.fault}` };
    const sized = constantBytes(lengths, (codec.width ?? 0) + extra);
    if ("fault" in sized) return { fault: `has a length that ${sized.fault}` };
    const prefix = Buffer.concat([tagged.bytes, sized.bytes]);
    return { write: codec.width === undefined ? varying(prefix, codec) : fixed(prefix, codec) };
  }

  function fixed(prefix: Buffer, codec: FieldCodec): ParameterWriter {
    return (out, value) => {
      out.append(prefix);
      codec.write(out, value);
    };
  }

  function varying(prefix: Buffer, codec: FieldCodec): ParameterWriter {
    const lengthAt = tags.width ?? 0;
    return (out, value) => {
      const start = out.at;
      out.append(prefix);
      codec.write(out, value);
      const end = out.at;
      out.at = start + lengthAt;
      try {
        lengths.write(out, end - start - headWidth + extra);
      } catch {
        throw new UnwritableValue(`has ${end - start - headWidth} bytes, more than can be said`);
      }
      out.at = end;
    };
  }

  return {
    writer,
    scan(bytes, start, end, found) {
      input.bytes = bytes;
      input.end = end;
      let at = start;
      while (at < end) {
        input.at = at;
        const tag = tags.read(input);
        const length = lengths.read(input);
        if (tag === undefined || length === undefined) {
          throw new WireFault("a parameter header runs over its message");
        }
        const from = input.at;
        at = from + (length as number) - extra;
        if (at < from) throw new WireFault("a parameter is shorter than its header");
        if (at > end) throw new WireFault("a parameter runs over its message");
        found(tag as number, from, at);
      }
    },
  };
}
