/** The protocol of providers that are not dialled: a third party's loop fetches what waits. */
export const PULL_PROTOCOL = "pull";

/** What the process of a request is called that was handed to such a loop. */
export const PULL_PROCESS = "PROCESS_BY_PULL";

/**
 * A provider whose loop has not claimed for this long counts as unavailable. It only explains why
 * requests wait, and lets immediate calls return early. Milliseconds.
 */
export const PULL_SILENCE_MS = 60_000;
