import { WireFault } from "../message/wire-fault.js";
import type { ByteStuffing } from "./byte-stuffing.js";
import type { FrameCutter, TakeFrame } from "./frame-cutter.js";
import { HeldBytes } from "./held-bytes.js";

export interface Delimiters {
  /** Bytes before each message; may be none. */
  readonly start: Buffer;
  readonly end: Buffer;
  /** Most bytes between them, escapes not counted. */
  readonly max: number;
  readonly stuffing?: ByteStuffing | undefined;
}

/** Messages that end with certain bytes. */
export class DelimitedFrames implements FrameCutter {
  readonly #delimiters: Delimiters;
  readonly #held = new HeldBytes();
  /** Most bytes between delimiters as they come: each may have become two. */
  readonly #most: number;

  constructor(delimiters: Delimiters) {
    this.#delimiters = delimiters;
    this.#most = delimiters.max * (delimiters.stuffing === undefined ? 1 : 2);
  }

  get midFrame(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Buffer, take: TakeFrame): void {
    const { end } = this.#delimiters;
    const held = this.#held;
    let offset = 0;
    if (held.length > 0) {
      // The delimiter itself may have been split: its first bytes were looked at in vain.
      const from = Math.max(0, held.length - end.length + 1);
      const before = held.length;
      held.add(chunk, 0, Math.min(chunk.length, this.#room(before)));
      const found = held.bytes.subarray(0, held.length).indexOf(end, from);
      if (found < 0) {
        this.#check(held.bytes, 0, held.length, end.length - 1);
        return;
      }
      this.#check(held.bytes, 0, found, 0);
      held.length = 0;
      offset = found + end.length - before;
      if (!this.#give(held.bytes, 0, found, take)) return;
    }
    while (offset < chunk.length) {
      const found = chunk.indexOf(end, offset);
      if (found < 0) {
        this.#check(chunk, offset, chunk.length, end.length - 1);
        held.add(chunk, offset, chunk.length);
        return;
      }
      this.#check(chunk, offset, found, 0);
      const start = offset;
      offset = found + end.length;
      if (!this.#give(chunk, start, found, take)) return;
    }
  }

  /** So many bytes may follow those that are held until there must have been an end. */
  #room(length: number): number {
    const { start, end } = this.#delimiters;
    return start.length + this.#most + end.length - length;
  }

  #give(bytes: Buffer, start: number, end: number, take: TakeFrame): boolean {
    const { start: begin, stuffing, max } = this.#delimiters;
    const from = start + begin.length;
    if (from > end) throw new WireFault("a message without what must begin it");
    if (stuffing === undefined) return take(bytes, from, end);
    const plain = stuffing.unstuff(bytes, from, end);
    if (plain.length > max) throw new WireFault(`a message over ${max} bytes`);
    return take(plain, 0, plain.length);
  }

  /** `ending`: how many of the last bytes may be the first of the end. */
  #check(bytes: Buffer, start: number, end: number, ending: number): void {
    const { start: begin, max } = this.#delimiters;
    const length = Math.min(begin.length, end - start);
    if (bytes.compare(begin, 0, length, start, start + length) !== 0) {
      throw new WireFault("a message without what must begin it");
    }
    if (end - start > begin.length + this.#most + ending) {
      throw new WireFault(`a message over ${max} bytes`);
    }
  }
}
