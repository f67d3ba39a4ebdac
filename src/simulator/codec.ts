import type { Answer, ProtocolError, Request } from "./message.js";
import { ndsCodec } from "./nds/codec.js";

/** Cuts one connection's bytes into requests. */
export interface RequestReader {
  /** Adds what arrived. */
  push(chunk: Buffer): void;
  /** The next whole request; undefined until more arrives. After a protocol error: give up. */
  next(): Request | ProtocolError | undefined;
  /** True while the first bytes of a request wait for the rest. */
  readonly partial: boolean;
}

/** One wire format. */
export interface Codec {
  reader(): RequestReader;
  write(answer: Answer): Buffer;
}

/** The wire formats the simulator speaks, by the name that `--profile` takes. */
export const codecs = { nds: ndsCodec } as const satisfies Record<string, Codec>;

/** The name of a wire format. */
export type CodecName = keyof typeof codecs;
