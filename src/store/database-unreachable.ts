/**
 * The database cannot be opened, or no connection to it be had; the message says why, without a
 * password.
 */
export class DatabaseUnreachable extends Error {
  override readonly name = "DatabaseUnreachable";
}

/** Of an AggregateError, such as that of a name with two addresses, the parts say what happened. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
