/** Bytes that are being read, from `at` up to `end`. One object is used for all messages. */
export class Input {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
}
