/**
 * True for a failure that the data of one row may have caused, and that a batch without that row
 * would not have: SQLSTATE classes 22 (data exception) and 23 (integrity), SQLite's counterparts.
 */
export function isDataFault(error: unknown): boolean {
  const code = codeOf(error);
  return /^2[23]/.test(code) || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code);
}

/** The code that a database driver gave an error: SQLSTATE, SQLITE_..., or a system's E... */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
