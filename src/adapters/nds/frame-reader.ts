import { HEADER_LENGTH, MAX_BODY_LENGTH, PROTOCOL_VERSION } from "./frame.js";
import { WireFault } from "./wire-fault.js";

/** One message as it came; `body` is a view that holds only until the next frame is asked for. */
export interface Frame {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * Cuts a stream of bytes into frames, however it was split on its way. A frame that lies whole in
 * a chunk is not copied; of a split one at most its own bytes are held.
 */
export class FrameReader {
  readonly #held = Buffer.allocUnsafe(HEADER_LENGTH + MAX_BODY_LENGTH);
  #heldLength = 0;

  /** True while a frame has begun and is not complete. */
  get midFrame(): boolean {
    return this.#heldLength > 0;
  }

  /** The frames that `chunk` completes. Throws a WireFault at the first byte that breaks a rule. */
  *frames(chunk: Buffer): Generator<Frame, void, void> {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#heldLength === 0) {
        const end = offset + (frameLength(chunk, offset, chunk.length) ?? Number.POSITIVE_INFINITY);
        if (end <= chunk.length) {
          yield frameAt(chunk, offset, end);
          offset = end;
          continue;
        }
      }
      offset += this.#hold(chunk, offset);
      const length = this.#heldLength;
      if (frameLength(this.#held, 0, length) === length) {
        this.#heldLength = 0;
        yield frameAt(this.#held, 0, length);
      }
    }
  }

  /** Copies what the held frame still lacks, the header first; returns the bytes taken. */
  #hold(chunk: Buffer, offset: number): number {
    const wanted = frameLength(this.#held, 0, this.#heldLength) ?? HEADER_LENGTH;
    const end = Math.min(chunk.length, offset + wanted - this.#heldLength);
    const taken = chunk.copy(this.#held, this.#heldLength, offset, end);
    this.#heldLength += taken;
    return taken;
  }
}

/** The length of the frame that begins at `start`, undefined until its header is complete. */
function frameLength(bytes: Buffer, start: number, end: number): number | undefined {
  if (start < end && bytes[start] !== PROTOCOL_VERSION) {
    throw new WireFault(`protocol version ${bytes[start]} instead of ${PROTOCOL_VERSION}`);
  }
  if (end - start < HEADER_LENGTH) return undefined;
  const length = bytes.readUInt16BE(start + 3);
  if (length > MAX_BODY_LENGTH) {
    throw new WireFault(`a message of ${length} bytes, over ${MAX_BODY_LENGTH}`);
  }
  return HEADER_LENGTH + length;
}

function frameAt(bytes: Buffer, start: number, end: number): Frame {
  return { type: bytes.readUInt16BE(start + 1), body: bytes.subarray(start + HEADER_LENGTH, end) };
}
