/** One parameter as it lies in a message. */
export interface Tlv {
  readonly id: number;
  readonly value: Buffer;
}

/** Splits the bytes after a header; undefined when a length points past the end. */
export function splitTlvs(body: Buffer): readonly Tlv[] | undefined {
  const tlvs: Tlv[] = [];
  let at = 0;
  while (at < body.length) {
    if (at + 4 > body.length) return undefined;
    const end = at + 4 + body.readUInt16BE(at + 2);
    if (end > body.length) return undefined;
    tlvs.push({ id: body.readUInt16BE(at), value: body.subarray(at + 4, end) });
    at = end;
  }
  return tlvs;
}
