import type { Pace } from "../dispatch-store.js";
import type { Db, Tx } from "./database.js";

/**
 * A provider's `dispatch` row, locked: whoever holds it may claim for the provider. It is always
 * locked before lanes.
 */
export interface LockedDispatch {
  readonly provider: string;
  /** The version of the provider's settings. */
  readonly providerVersion: number;
  /** The database's time. */
  readonly now: number;
  /** The highest sequence number given so far. */
  readonly sequence: number;
  /** Heads that the provider's rate allows just now; whole ones count. */
  readonly tokens: number;
  /** Milliseconds until there is a token again; 0 when there is one. */
  readonly tokenInMs: number;
  /** Heads claimed so far: every tenth place goes to a REGULAR lane. */
  readonly turn: number;
  /** Milliseconds that the provider is still paused; 0 when it is not. */
  readonly pausedMs: number;
}

interface DispatchRow {
  readonly now: number;
  readonly provider_version: number | null;
  readonly sequence_number: number;
  readonly tokens: number;
  readonly tokens_date: number;
  readonly turn: number;
  readonly paused_from: number | null;
  readonly paused_until: number | null;
}

const VERSION =
  "(SELECT p.version FROM providers p WHERE p.name = dispatch.provider) AS provider_version";

/** Locks the row; undefined when there is none, or when somebody else holds it and `skip` is said. */
export async function lockDispatch(
  tx: Tx,
  provider: string,
  pace: Pace | undefined,
  held: "skip" | "wait" = "skip",
): Promise<LockedDispatch | undefined> {
  const [row] = await tx.all<DispatchRow>(
    `SELECT $now AS now, sequence_number, tokens, tokens_date, turn, paused_from, paused_until,
       ${VERSION} FROM dispatch WHERE provider = ?
     ${held === "skip" ? tx.dialect.forUpdateSkipLocked : tx.dialect.forUpdate}`,
    [provider],
  );
  if (row === undefined) return undefined;
  const { now } = row;
  // After the clock went back the bucket fills from then on, not only once it has caught up.
  if (pace !== undefined && row.tokens_date > now) {
    tx.run("UPDATE dispatch SET tokens_date = ? WHERE provider = ?", [now, provider]);
  }
  // A pause is moved as far back as the clock was: else it would last until that has caught up.
  if (row.paused_from !== null && row.paused_from > now) {
    tx.run("UPDATE dispatch SET paused_from = ?, paused_until = ? WHERE provider = ?", [
      now,
      now + pausedFor(row),
      provider,
    ]);
  }
  const tokens = pace === undefined ? Number.POSITIVE_INFINITY : refilled(row, pace);
  return {
    provider,
    providerVersion: row.provider_version ?? 0,
    now,
    sequence: row.sequence_number,
    tokens,
    tokenInMs:
      pace === undefined || tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / pace.ratePerSecond),
    turn: row.turn,
    pausedMs: pausedFor(row),
  };
}

/** Writes what a claim took: the new sequence number, and a token and a turn for each head. */
export function spend(tx: Tx, dispatch: LockedDispatch, sequence: number, heads: number): void {
  const tokens = Number.isFinite(dispatch.tokens) ? dispatch.tokens - heads : 0;
  tx.run(
    `UPDATE dispatch SET sequence_number = ?, tokens = ?, tokens_date = ?, turn = ?
     WHERE provider = ?`,
    [sequence, tokens, dispatch.now, dispatch.turn + heads, dispatch.provider],
  );
}

/**
 * Reserves so many sequence numbers; the last one given before them. Undefined when somebody else
 * holds the row.
 */
export async function reserveSequence(
  tx: Tx,
  provider: string,
  numbers: number,
): Promise<number | undefined> {
  const [row] = await tx.all<Pick<DispatchRow, "sequence_number">>(
    `SELECT sequence_number FROM dispatch WHERE provider = ? ${tx.dialect.forUpdateSkipLocked}`,
    [provider],
  );
  if (row === undefined) return undefined;
  tx.run("UPDATE dispatch SET sequence_number = sequence_number + ? WHERE provider = ?", [
    numbers,
    provider,
  ]);
  return row.sequence_number;
}

/** What of the row holds for who gives heads to lanes that are theirs already; nothing is locked. */
export async function lookAtDispatch(
  tx: Db,
  provider: string,
): Promise<Pick<LockedDispatch, "providerVersion" | "pausedMs"> | undefined> {
  const [row] = await tx.all<DispatchRow>(
    `SELECT $now AS now, paused_from, paused_until, ${VERSION} FROM dispatch WHERE provider = ?`,
    [provider],
  );
  return row && { providerVersion: row.provider_version ?? 0, pausedMs: pausedFor(row) };
}

/** Gives tokens back for heads that went back unsent; the burst bounds them at the next claim. */
export function returnTokens(tx: Tx, provider: string, heads: number): void {
  tx.run("UPDATE dispatch SET tokens = tokens + ? WHERE provider = ?", [heads, provider]);
}

/** A bucket that fills with the rate up to the burst. A clock that went back adds nothing. */
export function refilled(
  row: Pick<DispatchRow, "now" | "tokens" | "tokens_date">,
  { ratePerSecond, burst }: Pace,
): number {
  const elapsed = Math.max(0, row.now - row.tokens_date);
  return Math.min(burst, row.tokens + (elapsed * ratePerSecond) / 1000);
}

/** Milliseconds that a pause still lasts: no longer than it was meant to, whatever the clock says. */
export function pausedFor({
  now,
  paused_from,
  paused_until,
}: Pick<DispatchRow, "now" | "paused_from" | "paused_until">): number {
  return Math.max(0, (paused_until ?? 0) - Math.max(now, paused_from ?? 0));
}
