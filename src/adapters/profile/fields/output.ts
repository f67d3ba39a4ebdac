import type { Value } from "./value.js";

/** Told of each field that is written: its name, where its bytes are, what they say. */
export type FieldTrace = (name: string, start: number, end: number, shown: string) => void;

/**
 * Where messages are written: one growing piece of memory that is used again for each message,
 * and the readable form that grows beside it.
 */
export class Output {
  bytes: Buffer = Buffer.allocUnsafeSlow(1_024);
  /** Where the next byte goes. */
  at = 0;
  /** Readable form so far. */
  text = "";
  /** The field being written, for who must say what cannot be. */
  field = "";
  trace: FieldTrace | undefined;
  /** Told that what was traced stands elsewhere now: where, by where it was. */
  moved: ((placeOf: (at: number) => number) => void) | undefined;

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count > this.bytes.length) this.#grow(count);
  }

  /** Begins a message. */
  begin(name: string): void {
    this.at = 0;
    this.text = name;
    this.field = "";
  }

  /** A copy of what was written. */
  copy(): Buffer {
    // Not Buffer.from: it would take a view first, for nothing.
    const copy = Buffer.allocUnsafe(this.at);
    this.bytes.copy(copy, 0, 0, this.at);
    return copy;
  }

  /** Copies bytes in. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    for (let index = 0; index < bytes.length; index += 1) {
      this.bytes[this.at + index] = bytes[index] as number;
    }
    this.at += bytes.length;
  }

  #grow(count: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.at + count, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }
}

/** A value cannot be written in its field. The text never quotes it: it may be a secret. */
export class UnwritableValue extends RangeError {
  override readonly name = "UnwritableValue";
  /** What the login gave is at fault: no command is. */
  readonly ofSession: boolean;

  constructor(message: string, ofSession = false) {
    super(message);
    this.ofSession = ofSession;
  }
}

/** The value as a number that is whole and not negative; digits in a text count as one. */
export function wholeOf(value: Value): number | bigint {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  if (typeof value === "bigint" && value >= 0n) return value;
  if (typeof value === "string" && /^[0-9]{1,20}$/.test(value)) return BigInt(value);
  throw new UnwritableValue("is no whole number");
}
