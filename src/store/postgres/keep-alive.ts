/**
 * For every connection: whether the other end is still there is asked after ten seconds of silence,
 * not after the two hours that systems take by default.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 } as const;
