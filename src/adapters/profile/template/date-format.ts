import { isTimeZone } from "../../../config/time-zone.js";
import { TimeZone } from "../../../requests/time-zone.js";
import { DATE_LAYOUTS, dateDigits } from "../fields/calendar.js";
import { UnwritableValue } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { Variable } from "./template.js";

/** A date as a template writes it, `{now|iso}`; undefined for a format that there is not, or no date. */
export function dateFormat<Scope>(
  variable: Variable<Scope>,
  format: string,
): Variable<Scope> | undefined {
  if (variable.kind !== "date" || variable.list) return undefined;
  const convert = conversion(format);
  if (convert === undefined) return undefined;
  return {
    ...variable,
    kind: format === "seconds" || format === "milliseconds" ? "number" : "text",
    get: (scope) => {
      const value = variable.get(scope);
      return value === undefined ? undefined : convert(Number(value));
    },
  };
}

function conversion(format: string): ((ms: number) => Value) | undefined {
  if (format === "iso") return (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  if (format === "seconds") return (ms) => Math.floor(ms / 1_000);
  if (format === "milliseconds") return (ms) => ms;
  const [name, zoneName = "UTC", more] = format.split("@");
  const layout = DATE_LAYOUTS.find((known) => known === name);
  if (layout === undefined || more !== undefined || !isTimeZone(zoneName)) return undefined;
  const zone = new TimeZone(zoneName);
  return (ms) => {
    const digits = dateDigits(ms, layout, zone);
    if (digits === undefined) throw new UnwritableValue("is no date that can be written");
    return digits;
  };
}
