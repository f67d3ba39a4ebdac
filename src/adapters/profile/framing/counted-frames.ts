import type { FrameCutter, TakeFrame } from "./frame-cutter.js";
import { HeldBytes } from "./held-bytes.js";

/**
 * How many bytes the message that begins at `start` has; undefined until enough of it is there to
 * know. Throws a `WireFault` as soon as its first bytes are wrong.
 */
export type FrameLength = (bytes: Buffer, start: number, end: number) => number | undefined;

/** Messages whose length is known from their first bytes, or from the start. */
export class CountedFrames implements FrameCutter {
  readonly #lengthOf: FrameLength;
  /** Bytes after which the length is known. */
  readonly #known: number;
  readonly #held = new HeldBytes();

  constructor(lengthOf: FrameLength, known: number) {
    this.#lengthOf = lengthOf;
    this.#known = known;
  }

  get midFrame(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Buffer, take: TakeFrame): void {
    const held = this.#held;
    let offset = 0;
    while (offset < chunk.length) {
      if (held.length === 0) {
        const length = this.#lengthOf(chunk, offset, chunk.length);
        if (length !== undefined && offset + length <= chunk.length) {
          const start = offset;
          offset += length;
          if (!take(chunk, start, offset)) return;
          continue;
        }
      }
      const wanted = this.#lengthOf(held.bytes, 0, held.length) ?? this.#known;
      const end = Math.min(chunk.length, offset + wanted - held.length);
      held.add(chunk, offset, end);
      offset = end;
      const { bytes, length } = held;
      if (this.#lengthOf(bytes, 0, length) === length) {
        held.length = 0;
        if (!take(bytes, 0, length)) return;
      }
    }
  }
}
