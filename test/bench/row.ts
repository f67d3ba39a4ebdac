import type { Figure } from "./report/figure.js";
import type { Bench } from "./support/bench.js";

/** One row of the table, or a family that is measured together. */
export interface Row {
  /** The beginnings of the names of its figures. */
  readonly names: readonly string[];
  /** Undefined when it can be measured; else why not. */
  unavailable?(bench: Bench): Promise<string | undefined>;
  measure(bench: Bench): AsyncIterable<Figure>;
}
