import { DatabaseUnreachable } from "./database-unreachable.js";

/**
 * True for a failure that the data of one row may have caused, and that a batch without that row
 * would not have: SQLSTATE classes 22 (data exception), 23 (integrity) and 54 (too
 * large), SQLite's counterparts.
 */
export function isDataFault(error: unknown): boolean {
  const code = codeOf(error);
  return /^(2[23]|54)/.test(code) || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code);
}

/**
 * True when a row of the same unique value was stored by a transaction that ran at the same time:
 * run again, the one that failed finds it.
 */
export function isConflict(error: unknown): boolean {
  return codeOf(error) === "23505";
}

/**
 * SQLSTATE classes and codes: connection, read only, ended for standing idle, contention, room,
 * locks, shutdown, system.
 */
const DOWN_SQLSTATE = /^(08|25006|25P03|40|53|55P03|57|58)/;
const DOWN_SQLITE = /^SQLITE_(BUSY|INTERRUPT|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;
const DOWN_SYSTEM = /^E[A-Z]+$/;
/**
 * What pg and knex throw without a code when a connection breaks or cannot be had; knex puts the
 * statement before it.
 */
const DOWN_TEXT =
  /(^| - )(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|Unable to acq)[^\n]*$/;

/** True for a failure of the database as a whole: what failed may well go through later. */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseUnreachable) return true;
  const code = codeOf(error);
  if (code === "") return error.name === "KnexTimeoutError" || DOWN_TEXT.test(error.message);
  return [DOWN_SQLSTATE, DOWN_SQLITE, DOWN_SYSTEM].some((pattern) => pattern.test(code));
}

/** The code that a database driver gave an error: SQLSTATE, SQLITE_..., or a system's E... */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
