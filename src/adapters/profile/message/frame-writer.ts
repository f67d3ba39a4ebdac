import type { FieldCodec } from "../fields/field-codec.js";
import { type Output, UnwritableValue } from "../fields/output.js";
import { encodeText } from "../fields/text-encoding.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { Scalar } from "../format/words.js";
import { type ByteStuffing, byteStuffing } from "../framing/byte-stuffing.js";
import type { SendScope } from "../template/send-scope.js";
import { constantBytes } from "./constant.js";
import type { ResolvedItem } from "./frame-item.js";
import type { FrameShape } from "./frame-shape.js";
import { type FindVariable, type WriteStep, writeStep } from "./write-field.js";

/** Writes the frame around the body that `steps` write. */
export type FrameWriter = (scope: SendScope, out: Output, steps: readonly WriteStep[]) => void;

/** Makes what writes the frames of one message. */
export function frameWriter(
  shape: FrameShape,
  message: { readonly name: string; readonly type: Scalar | undefined },
  find: FindVariable,
  fault: FaultSink,
): { readonly write: FrameWriter; readonly variables: readonly string[] } {
  const variables: string[] = [];
  const placed: { readonly item: ResolvedItem; at: number }[] = [];
  const steps = (items: readonly ResolvedItem[]) =>
    items.map((item) => {
      const made = itemStep(item, message.type, find, fault);
      variables.push(...made.variables);
      if (item.role !== "checksum") return made.step;
      const place = { item, at: 0 };
      placed.push(place);
      return (scope: SendScope, out: Output) => {
        place.at = out.at;
        made.step(scope, out);
      };
    });
  const before = steps(shape.header);
  const after = steps(shape.trailer);
  const { framing, length } = shape;
  const start = framing.by === "delimiter" ? encodeText(framing.start ?? "", "latin1") : undefined;
  const end = framing.by === "delimiter" ? encodeText(framing.end, "latin1") : undefined;
  const stuffing = framing.by === "delimiter" ? byteStuffing(framing) : undefined;
  const max = framing.by === "size" ? framing.length : framing.max;
  const pad =
    framing.by !== "size" || framing.pad === undefined
      ? undefined
      : encodeText(framing.pad, "latin1");

  const write: FrameWriter = (scope, out, body) => {
    if (start !== undefined) out.append(start);
    const frameAt = out.at;
    for (const step of before) step(scope, out);
    const bodyAt = out.at;
    for (const step of body) step(scope, out);
    const bodyEnd = out.at;
    if (pad !== undefined) {
      const missing = Math.max(0, max - shape.trailerWidth - (out.at - frameAt));
      out.append(Buffer.alloc(missing, pad));
    }
    for (const step of after) step(scope, out);
    const frameEnd = out.at;
    const counted = frameEnd - frameAt - (length?.uncounted ?? 0);
    if (counted > max) {
      out.field = message.name;
      throw new UnwritableValue(`would have ${counted} bytes, over ${max}`);
    }
    if (framing.by === "size" && counted < max) {
      out.field = message.name;
      throw new UnwritableValue(`would have ${counted} bytes, under ${max}`);
    }
    if (length !== undefined)
      writeBack(out, length.name, length.codec, frameAt + length.at, counted);
    for (const { item, at } of placed) {
      if (item.role !== "checksum") continue;
      const next = at + (item.codec.width ?? 0);
      const from = { before: frameAt, after: next, body: bodyAt }[item.covers];
      const to = { before: at, after: frameEnd, body: bodyEnd }[item.covers];
      writeBack(out, item.name, item.codec, at, item.sum(out.bytes, from, to));
    }
    out.at = frameEnd;
    if (stuffing !== undefined) stuffFrame(out, frameAt, stuffing);
    if (end !== undefined) endFrame(out, frameAt, end);
  };
  return { write, variables };
}

function writeBack(out: Output, name: string, codec: FieldCodec, at: number, value: number): void {
  out.at = at;
  codec.write(out, value);
  out.trace?.(name, at, out.at, codec.show(value));
}

/** Escapes what was written from `start` on, and tells where each byte of it stands now. */
function stuffFrame(out: Output, start: number, stuffing: ByteStuffing): void {
  const { stuffed, places } = stuffing.stuff(out.bytes.subarray(start, out.at));
  out.at = start;
  out.append(stuffed);
  out.moved?.((at) => (at < start ? at : start + (places[at - start] ?? stuffed.length)));
}

function endFrame(out: Output, start: number, end: Buffer): void {
  if (out.bytes.subarray(start, out.at).includes(end)) {
    throw new UnwritableValue("holds what would end the message");
  }
  out.append(end);
}

function itemStep(
  item: ResolvedItem,
  type: Scalar | undefined,
  find: FindVariable,
  fault: FaultSink,
): { readonly step: WriteStep; readonly variables: readonly string[] } {
  const { name, codec, secret } = item;
  switch (item.role) {
    case "constant":
      return { step: bytesStep(name, item.bytes, codec.show(item.value)), variables: [] };
    case "type": {
      const made = constantBytes(codec, type ?? "");
      if ("bytes" in made)
        return { step: bytesStep(name, made.bytes, String(type)), variables: [] };
      fault(["type"], type === undefined ? "is missing: the header has one" : made.fault);
      return { step: () => undefined, variables: [] };
    }
    case "length":
    case "checksum": {
      // Written over at the end, when it is known.
      const room = Buffer.alloc(codec.width ?? 0);
      return { step: (_, out) => out.append(room), variables: [] };
    }
    case "value": {
      const field = { name, codec, secret, shown: true, write: codec.write };
      const made = writeStep(field, item.value, find, (path, text) =>
        fault([...path], `${name} of the header ${text}`),
      );
      return made ?? { step: () => undefined, variables: [] };
    }
  }
}

function bytesStep(name: string, bytes: Buffer, shown: string): WriteStep {
  return (_, out) => {
    const start = out.at;
    out.append(bytes);
    out.trace?.(name, start, out.at, shown);
  };
}
