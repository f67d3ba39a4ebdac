/** One thing wrong with the configuration. */
export interface ConfigFault {
  /** The variable, `FILE:LINE`, or both it is about. */
  readonly where: string;
  /** What is wrong, in a phrase; never holds a secret. */
  readonly description: string;
}

/** A checked value, or all that is wrong with it. */
export type Checked<T> =
  | { readonly value: T; readonly faults?: never }
  | { readonly value?: never; readonly faults: readonly ConfigFault[] };

/** The configuration cannot be used; the message has one line for each fault. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map((fault) => `${fault.where}: ${fault.description}`).join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}
