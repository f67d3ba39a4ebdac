/**
 * Takes one message, without the delimiters around it. The bytes are a view that holds only during
 * the call. False: the rest of the chunk is not wanted.
 */
export type TakeFrame = (bytes: Buffer, start: number, end: number) => boolean;

/**
 * Cuts a stream of bytes into messages, however it was split on its way. A message that lies whole
 * in a chunk is not copied; of a split one at most its own bytes are held.
 */
export interface FrameCutter {
  /** True while a message has begun and is not complete. */
  readonly midFrame: boolean;
  /** Hands out the messages that `chunk` completes. Throws a `WireFault` at the first byte that breaks a rule. */
  push(chunk: Buffer, take: TakeFrame): void;
}
