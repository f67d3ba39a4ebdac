/** Tests wait no longer than this for anything. */
export const PATIENCE_MS = 20_000;

const PAUSE_MS = 4;

/**
 * Reads again and again until what was read is as it should be, and returns it. The one place that
 * polls: for what the service tells only when asked.
 */
export async function eventually<T>(
  what: string,
  read: () => Promise<T>,
  isSo: (value: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await read();
    if (isSo(value)) return value;
    if (performance.now() > deadline) {
      throw new Error(`waited in vain for ${what}; last seen: ${show(value)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Rejects when a promise takes longer than tests wait. */
export async function inTime<T>(what: string, promise: Promise<T>, ms = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function present<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error("expected a value");
  return value;
}

/** A value as text, bigints included. */
export function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? Number(part) : part));
}
