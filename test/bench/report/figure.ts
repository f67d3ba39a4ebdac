/** One result of a row. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What the value is measured in; `x` for a ratio. */
  readonly unit: string;
  /** What each round gave, for whoever doubts the median. */
  readonly rounds: readonly number[];
  /** Sizes and other circumstances, and the parts that the value was made of. */
  readonly details: Readonly<Record<string, number | string>>;
  /** What the reader must know before believing it, such as `client-bound`. */
  readonly marks: readonly string[];
}

/** The generator was at the end of its strength: the servers could perhaps do more. */
export const CLIENT_BOUND = "client-bound";
