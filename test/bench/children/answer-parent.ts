/** What a child process can be asked: each method by itself, arguments and results cloned. */
export type ChildApi = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** A question to a child. */
export interface Question {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** What every child can be asked besides. */
export const COMMON = {
  /** Seconds of processor time since the start, all threads. */
  cpuSeconds: async (): Promise<number> => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  /** The most memory that was ever resident, in MiB. */
  peakRssMib: async (): Promise<number> => process.resourceUsage().maxRSS / 1024,
};

/** Answers the parent's questions until it is gone. */
export function answerParent(api: ChildApi): void {
  const methods = { ...COMMON, ...api } as Record<
    string,
    (...args: readonly unknown[]) => Promise<unknown>
  >;
  process.on("message", ({ id, method, args }: Question) => {
    const answer = (message: Answer) => process.send?.(message);
    const run = async () => methods[method]?.(...args);
    run().then(
      (result) => answer({ id, result }),
      (error: unknown) => answer({ id, error: text(error) }),
    );
  });
  // Whatever becomes of the parent, nothing of it stays behind. Exits in order, so that a
  // profile is written.
  process.on("disconnect", () => process.exit());
  // Ctrl-C reaches the whole group: the parent sees to the end.
  process.on("SIGINT", () => undefined);
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
