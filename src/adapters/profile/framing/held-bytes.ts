const FIRST_CAPACITY = 1_024;

/** The first bytes of a message whose rest has not come yet. */
export class HeldBytes {
  bytes: Buffer = Buffer.alloc(0);
  length = 0;

  /** Copies bytes behind those that are held. */
  add(chunk: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.bytes.length * 2, FIRST_CAPACITY));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    chunk.copy(this.bytes, this.length, start, end);
    this.length = length;
  }
}
