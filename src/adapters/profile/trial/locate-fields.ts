import type { FieldCodec } from "../fields/field-codec.js";
import { Input } from "../fields/input.js";
import type { Received } from "../message/received.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { ShownField } from "./try-request.js";

/** Where the fields of a message that was read are. Reads it once more, which costs no session anything. */
export function locateFields(
  { parts }: StreamProtocol,
  { layout, values }: Received,
  bytes: Buffer,
  start: number,
  end: number,
): ShownField[] {
  const { shape, parameters, fields } = parts;
  const found: ShownField[] = [];
  const input = new Input();
  input.bytes = bytes;
  input.at = start;
  input.end = end;

  function add(field: string, from: number, to: number, value: string): void {
    found.push({ field, offset: from, bytes: bytes.toString("hex", from, to), value });
  }
  function readHere(
    field: string,
    { codec, secret }: { readonly codec: FieldCodec; readonly secret: boolean },
    from: number,
    to?: number,
  ): boolean {
    const value = codec.read(input);
    if (value === undefined || (to !== undefined && input.at !== to)) {
      add(field, from, input.end, "unreadable");
      return false;
    }
    add(field, from, input.at, secret ? "****" : codec.show(value));
    return true;
  }

  for (const item of shape.header) readHere(item.name, item, input.at);
  const bodyEnd = end - shape.trailerWidth;
  input.end = bodyEnd;
  if (parameters !== undefined) {
    let from = input.at;
    parameters.scan(bytes, input.at, bodyEnd, (tag, valueStart, valueEnd) => {
      input.at = valueStart;
      input.end = valueEnd;
      const known = [...fields].find(([, field]) => field.tag === tag);
      if (known === undefined) add(`unknown ${tag}`, from, valueEnd, "ignored");
      else readHere(known[0], known[1], from, valueEnd);
      from = valueEnd;
    });
  } else {
    const framed = [...shape.header, ...shape.trailer].filter(
      ({ role }) => role === "value",
    ).length;
    for (const [slot, { name }] of layout.fields.entries()) {
      if (slot < framed) continue;
      const field = fields.get(name);
      const value = values[slot];
      const times = typeof value === "object" ? value.length : 1;
      for (let count = 0; count < times && field !== undefined; count += 1) {
        if (value === undefined && input.at >= bodyEnd) break;
        if (!readHere(name, field, input.at)) return found;
      }
    }
    if (input.at < bodyEnd) add("rest", input.at, bodyEnd, "ignored");
  }
  input.at = bodyEnd;
  input.end = end;
  for (const item of shape.trailer) readHere(item.name, item, input.at);
  return found;
}
