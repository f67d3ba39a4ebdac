import type { FieldCodec } from "./field-codec.js";
import { UnwritableValue, wholeOf } from "./output.js";
import type { Value } from "./value.js";

/** Which byte of a number comes first. */
export type ByteOrder = "big" | "little";

/** A whole number from 0 in 1 to 8 bytes; read as a bigint when a number could not hold it. */
export function unsigned(width: number, order: ByteOrder): FieldCodec {
  const form = { width, kind: "number", show: String } as const;
  const limit = 2 ** (8 * width);
  const fits = (value: Value): value is number =>
    typeof value === "number" && value >= 0 && value < limit && Number.isInteger(value);
  const last = width - 1;
  // Four bytes and fewer stay inside the numbers that shifts can make.
  if (width <= 4) {
    return {
      ...form,
      write(out, value) {
        if (!fits(value)) value = converted(value, width);
        out.reserve(width);
        const { bytes, at } = out;
        let rest = value;
        if (order === "big") {
          for (let index = last; index >= 0; index -= 1, rest >>>= 8) bytes[at + index] = rest;
        } else {
          for (let index = 0; index < width; index += 1, rest >>>= 8) bytes[at + index] = rest;
        }
        out.at = at + width;
      },
      read(input) {
        const { bytes, at } = input;
        if (input.end - at < width) return undefined;
        input.at = at + width;
        let value = 0;
        if (order === "big") {
          for (let index = 0; index < width; index += 1) {
            value = (value << 8) | (bytes[at + index] as number);
          }
        } else {
          for (let index = last; index >= 0; index -= 1) {
            value = (value << 8) | (bytes[at + index] as number);
          }
        }
        return value >>> 0;
      },
    };
  }
  return {
    ...form,
    write(out, value) {
      let rest = BigInt(wholeOf(value));
      if (rest >= 1n << BigInt(8 * width)) throw tooLarge(width);
      out.reserve(width);
      for (let count = 0; count < width; count += 1, rest >>= 8n) {
        out.bytes[out.at + (order === "big" ? last - count : count)] = Number(rest & 0xffn);
      }
      out.at += width;
    },
    read(input) {
      const { bytes, at } = input;
      if (input.end - at < width) return undefined;
      input.at = at + width;
      let value = 0n;
      for (let index = 0; index < width; index += 1) {
        value = (value << 8n) | BigInt(bytes[at + (order === "big" ? index : last - index)] ?? 0);
      }
      return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    },
  };
}

function converted(value: Value, width: number): number {
  const whole = Number(wholeOf(value));
  if (whole >= 2 ** (8 * width)) throw tooLarge(width);
  return whole;
}

function tooLarge(width: number): UnwritableValue {
  return new UnwritableValue(`is over ${(1n << BigInt(8 * width)) - 1n}`);
}
