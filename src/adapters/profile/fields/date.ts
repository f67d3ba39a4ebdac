import type { TimeZone } from "../../../requests/time-zone.js";
import { type BcdPadding, readBcd, writeBcd } from "./bcd.js";
import { type DateLayout, dateDigits, dateOf } from "./calendar.js";
import type { FieldCodec } from "./field-codec.js";
import { type Output, UnwritableValue } from "./output.js";
import { writeText } from "./text-encoding.js";
import type { Value } from "./value.js";

const DAY_MS = 86_400_000;

/** How a date is counted: in these milliseconds, from that moment. */
export const DATE_UNITS = { seconds: 1_000, milliseconds: 1, days: DAY_MS } as const;
export type DateUnit = keyof typeof DATE_UNITS;

/** A date as a number of units since `since` (milliseconds since 1970); what is finer is cut off. */
export function countedDate(number: FieldCodec, unit: DateUnit, since: number): FieldCodec {
  const step = DATE_UNITS[unit];
  return {
    width: number.width,
    kind: "date",
    show,
    write(out, value) {
      const count = Math.floor((moment(value) - since) / step);
      if (count < 0) throw new UnwritableValue("is before the first date that can be written");
      number.write(out, count);
    },
    read(input) {
      const count = number.read(input);
      if (typeof count !== "number") return undefined;
      const ms = since + count * step;
      return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
    },
  };
}

/** A date in digits of a zone's clocks, as ASCII or packed two in a byte. */
export function digitDate(layout: DateLayout, packed: boolean, zone: TimeZone): FieldCodec {
  const width = packed ? layout.length / 2 : layout.length;
  return {
    width,
    kind: "date",
    show,
    write(out, value) {
      const digits = dateDigits(moment(value), layout, zone);
      if (digits === undefined) throw new UnwritableValue("is no date that can be written");
      writeDigits(out, digits, packed, width);
    },
    read(input) {
      if (input.end - input.at < width) return undefined;
      if (packed) {
        const digits = readBcd(input, width, layout.length, NO_PADDING);
        return digits === undefined ? undefined : dateOf(digits, layout, zone);
      }
      const digits = input.bytes.toString("latin1", input.at, input.at + width);
      input.at += width;
      return dateOf(digits, layout, zone);
    },
  };
}

const NO_PADDING: BcdPadding = { nibble: 0, at: "start" };

function writeDigits(out: Output, digits: string, packed: boolean, width: number): void {
  if (packed) writeBcd(out, digits, width, NO_PADDING);
  else writeText(out, digits, "ascii");
}

function moment(value: Value): number {
  const ms = typeof value === "string" ? Date.parse(value) : Number(value);
  if (Number.isNaN(ms)) throw new UnwritableValue("is no date");
  return ms;
}

function show(value: Value): string {
  return new Date(Number(value)).toISOString().replace(".000Z", "Z");
}
