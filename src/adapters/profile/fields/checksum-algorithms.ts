/** A sum over `bytes` from `start` to `end`. */
export type Checksum = (bytes: Buffer, start: number, end: number) => number;

interface CrcParameters {
  readonly width: 16 | 32;
  readonly polynomial: number;
  readonly initial: number;
  /** Bits are taken from the lowest of each byte. */
  readonly reflected: boolean;
  readonly finalXor: number;
}

const CRCS = {
  "crc16-ccitt": { width: 16, polynomial: 0x1021, initial: 0xffff, reflected: false, finalXor: 0 },
  "crc16-xmodem": { width: 16, polynomial: 0x1021, initial: 0, reflected: false, finalXor: 0 },
  "crc16-kermit": { width: 16, polynomial: 0x1021, initial: 0, reflected: true, finalXor: 0 },
  "crc16-x25": {
    width: 16,
    polynomial: 0x1021,
    initial: 0xffff,
    reflected: true,
    finalXor: 0xffff,
  },
  "crc16-arc": { width: 16, polynomial: 0x8005, initial: 0, reflected: true, finalXor: 0 },
  "crc16-modbus": { width: 16, polynomial: 0x8005, initial: 0xffff, reflected: true, finalXor: 0 },
  crc32: {
    width: 32,
    polynomial: 0x04c11db7,
    initial: 0xffffffff,
    reflected: true,
    finalXor: 0xffffffff,
  },
} as const satisfies Record<string, CrcParameters>;

/** The checksums by name, with the bytes that each has. */
export const CHECKSUMS = {
  xor8: { bytes: 1, sum: fold((sum, byte) => sum ^ byte) },
  sum8: { bytes: 1, sum: fold((sum, byte) => (sum + byte) & 0xff) },
  /** What brings the sum of all bytes, itself included, to 0. */
  "sum8-negated": { bytes: 1, sum: negated(fold((sum, byte) => (sum + byte) & 0xff)) },
  sum16: { bytes: 2, sum: fold((sum, byte) => (sum + byte) & 0xffff) },
  "crc16-ccitt": { bytes: 2, sum: crc(CRCS["crc16-ccitt"]) },
  "crc16-xmodem": { bytes: 2, sum: crc(CRCS["crc16-xmodem"]) },
  "crc16-kermit": { bytes: 2, sum: crc(CRCS["crc16-kermit"]) },
  "crc16-x25": { bytes: 2, sum: crc(CRCS["crc16-x25"]) },
  "crc16-arc": { bytes: 2, sum: crc(CRCS["crc16-arc"]) },
  "crc16-modbus": { bytes: 2, sum: crc(CRCS["crc16-modbus"]) },
  crc32: { bytes: 4, sum: crc(CRCS.crc32) },
} as const satisfies Record<string, { readonly bytes: number; readonly sum: Checksum }>;

export type ChecksumName = keyof typeof CHECKSUMS;

function fold(add: (sum: number, byte: number) => number): Checksum {
  return (bytes, start, end) => {
    let sum = 0;
    for (let index = start; index < end; index += 1) sum = add(sum, bytes[index] as number);
    return sum;
  };
}

function negated(sum: Checksum): Checksum {
  return (bytes, start, end) => -sum(bytes, start, end) & 0xff;
}

function crc({ width, polynomial, initial, reflected, finalXor }: CrcParameters): Checksum {
  const top = width - 8;
  const mask = width === 32 ? 0xffffffff : 0xffff;
  const table = Uint32Array.from({ length: 256 }, (_, byte) =>
    reflected
      ? reflectedEntry(byte, reverse(polynomial, width))
      : plainEntry(byte, polynomial, width),
  );
  return (bytes, start, end) => {
    let value = initial;
    for (let index = start; index < end; index += 1) {
      const byte = bytes[index] as number;
      value = reflected
        ? (value >>> 8) ^ (table[(value ^ byte) & 0xff] as number)
        : ((value << 8) ^ (table[((value >>> top) ^ byte) & 0xff] as number)) & mask;
    }
    return ((value ^ finalXor) & mask) >>> 0;
  };
}

function reflectedEntry(byte: number, polynomial: number): number {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
  }
  return value >>> 0;
}

function plainEntry(byte: number, polynomial: number, width: number): number {
  let value = byte << (width - 8);
  const high = 2 ** (width - 1);
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & high ? (value << 1) ^ polynomial : value << 1;
  }
  return value >>> 0;
}

function reverse(value: number, width: number): number {
  let reversed = 0;
  for (let bit = 0; bit < width; bit += 1) {
    reversed = (reversed << 1) | ((value >>> bit) & 1);
  }
  return reversed >>> 0;
}
