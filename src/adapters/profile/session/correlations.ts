import { TRANSACTIONS } from "../../../requests/transaction-number.js";
import type { FieldCodec } from "../fields/field-codec.js";
import { Input } from "../fields/input.js";
import { Output } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import type { FaultSink } from "../format/fault-sink.js";
import type { CorrelationSection } from "../format/session-section.js";
import { constantBytes } from "../message/constant.js";
import { parseTemplate } from "../template/template.js";

/** What is in use on a session. */
export interface UsedCorrelations {
  /** An answer to it is awaited: it must not be used. */
  isAwaited(value: Value): boolean;
  /** It was given up, and may still be answered: it is used only when no other is left. */
  isLate(value: Value): boolean;
}

/** What the messages of one session are known by. */
export interface Correlations {
  /** The next message of the session itself. */
  ofSession(used: UsedCorrelations): Value;
  /** A command. Throws an `UnwritableValue` for a number that cannot be said. */
  ofCommand(transaction: number, used: UsedCorrelations): Value;
}

/** Nothing is in use: at the start of a session. */
export const NONE_USED: UsedCorrelations = { isAwaited: () => false, isLate: () => false };

/** Makes the numbering of each session of a profile. */
export function correlationMaker(
  section: CorrelationSection,
  codec: FieldCodec,
  fault: FaultSink,
): () => Correlations {
  const { number, from, to, value: source } = section;
  const parsed = parseTemplate<number>(source, (name) =>
    name === "number"
      ? { kind: "number", secret: false, list: false, get: (count) => count }
      : undefined,
  );
  if ("fault" in parsed) {
    fault(["value"], parsed.fault);
    return () => counters(from, to, Number);
  }
  const { get, variables } = parsed.template;
  if (variables.length === 0) fault(["value"], "must hold {number}");
  const written = (count: number) => get(count) as Value;
  const readBack = roundTrip(codec);
  const highest = number === "transaction" ? TRANSACTIONS : to;
  for (const [count, key] of [
    [highest, number === "transaction" ? "number" : "to"],
    [from, "from"],
  ] as const) {
    const made = constantBytes(codec, written(count));
    if ("fault" in made) {
      const hint = number === "transaction" && key === "number" ? "; counter needs less room" : "";
      fault([key], `the field cannot say ${count}: it ${made.fault}${hint}`);
      return () => counters(from, to, written);
    }
  }
  const same = [from, from + 1, highest].every(
    (count) => readBack(written(count)) === written(count),
  );
  const valueFor = same ? written : (count: number) => readBack(written(count));
  if (number === "counter") return () => counters(from, to, valueFor);
  return () => {
    const session = counters(from, to, valueFor);
    // Numbers of commands are a space of their own, so none of them is taken.
    return {
      ofSession: () => session.ofSession(NONE_USED),
      ofCommand: (transaction) => valueFor(transaction),
    };
  };
}

/** One counter for everything, from `from` to `to` and round again, past what is still awaited. */
function counters(from: number, to: number, valueFor: (count: number) => Value): Correlations {
  let next = from;
  const count = to - from + 1;
  const search = (isUsed: (value: Value) => boolean): Value | undefined => {
    for (let tries = 0; tries < count; tries += 1) {
      const value = valueFor(next);
      next = next >= to ? from : next + 1;
      if (!isUsed(value)) return value;
    }
    return undefined;
  };
  const take = ({ isAwaited, isLate }: UsedCorrelations): Value =>
    search((value) => isAwaited(value) || isLate(value)) ??
    search(isAwaited) ??
    // The window is kept under the count, so this is not reached.
    valueFor(next);
  return { ofSession: take, ofCommand: (_, used) => take(used) };
}

/** What the CA system's echo of a value is read as. */
function roundTrip(codec: FieldCodec): (value: Value) => Value {
  const out = new Output();
  const input = new Input();
  return (value) => {
    out.begin("");
    codec.write(out, value);
    input.bytes = out.bytes;
    input.at = 0;
    input.end = out.at;
    return codec.read(input) ?? value;
  };
}
