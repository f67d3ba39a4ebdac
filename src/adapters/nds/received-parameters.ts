import { PARAMETER_HEADER_LENGTH } from "./frame.js";
import { PARAMETERS, type ParameterName } from "./messages.js";
import { WireFault } from "./wire-fault.js";

/** Least and most bytes of a text. */
export interface TextLength {
  readonly min: number;
  readonly max: number;
}

// Control characters break logs and terminals, and PostgreSQL refuses a text with U+0000.
const NOT_TEXT = /[\p{Cc}\u{FEFF}]/gu;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * The parameters of a received message, in any order, unknown ones ignored. The reading methods
 * answer undefined for a parameter that is missing, there twice or not of its form.
 */
export class ReceivedParameters {
  readonly #types: number[] = [];
  readonly #values: Buffer[] = [];

  /** Throws a WireFault when a parameter runs over the end of the message. */
  constructor(body: Buffer) {
    let offset = 0;
    while (offset < body.length) {
      const start = offset + PARAMETER_HEADER_LENGTH;
      if (start > body.length) throw new WireFault("a parameter header runs over its message");
      const end = start + body.readUInt16BE(offset + 2);
      if (end > body.length) throw new WireFault("a parameter runs over its message");
      this.#types.push(body.readUInt16BE(offset));
      this.#values.push(body.subarray(start, end));
      offset = end;
    }
  }

  /** A 32-bit number. */
  u32(name: ParameterName): number | undefined {
    const value = this.#single(name);
    return value?.length === 4 ? value.readUInt32BE(0) : undefined;
  }

  /** A 16-bit number. */
  u16(name: ParameterName): number | undefined {
    const value = this.#single(name);
    return value?.length === 2 ? value.readUInt16BE(0) : undefined;
  }

  /** A text; bad UTF-8, control characters and byte order marks in it become U+FFFD. */
  text(name: ParameterName, length: TextLength): string | undefined {
    const value = this.#single(name);
    if (value === undefined || value.length < length.min || value.length > length.max) {
      return undefined;
    }
    return value.toString("utf8").replace(NOT_TEXT, "\u{FFFD}");
  }

  /** The values of a parameter that may stand many times or never, each of visible ASCII. */
  names(name: ParameterName, length: TextLength, most: number): readonly string[] | undefined {
    const values = this.#all(name);
    const names = values
      .filter((value) => value.length >= length.min && value.length <= length.max)
      .map((value) => value.toString("latin1"))
      .filter((text) => VISIBLE_ASCII.test(text));
    return names.length === values.length && names.length <= most ? names : undefined;
  }

  #single(name: ParameterName): Buffer | undefined {
    const { type } = PARAMETERS[name];
    const index = this.#types.indexOf(type);
    const alone = index >= 0 && !this.#types.includes(type, index + 1);
    return alone ? this.#values[index] : undefined;
  }

  #all(name: ParameterName): readonly Buffer[] {
    const { type } = PARAMETERS[name];
    return this.#values.filter((_, index) => this.#types[index] === type);
  }
}
