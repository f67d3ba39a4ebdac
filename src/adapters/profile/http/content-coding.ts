import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

const DECODERS: Readonly<
  Record<string, (bytes: Buffer, max: { maxOutputLength: number }) => Buffer>
> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** A body as it is, or why it cannot be had: it would be too long, or its coding is broken. */
export type Decoded = { readonly body: Buffer } | { readonly fault: "too long" | "broken" };

/**
 * Undoes the Content-Encoding of an answer. None is asked for, but some gateways pack what they
 * send all the same. Nothing over `max` bytes is ever unpacked.
 */
export function decodeBody(coding: string | undefined, body: Buffer, max: number): Decoded {
  const name = coding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity" || body.length === 0) return { body };
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decode === undefined) return { fault: "broken" };
  try {
    return { body: decode(body, { maxOutputLength: max }) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { fault: code === "ERR_BUFFER_TOO_LARGE" ? "too long" : "broken" };
  }
}
