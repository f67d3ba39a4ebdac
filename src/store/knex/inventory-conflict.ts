/** PostgreSQL: unique_violation, lock_not_available. */
const CONFLICTS: readonly unknown[] = ["23505", "55P03"];

/**
 * True for the error of a transaction that another writer's got in the way of: it inserted first
 * what this one found missing, and so could not lock, or held a row for too long.
 */
export function isInventoryConflict(error: unknown): boolean {
  return error instanceof Error && "code" in error && CONFLICTS.includes(error.code);
}
