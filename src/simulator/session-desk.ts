import type { Connection } from "./connection.js";
import type { Refusal, SessionSetup } from "./message.js";
import { notLoggedIn } from "./refusals.js";
import { type Session, Source } from "./source.js";

/** Any source_id may be taken; each costs memory, so there is an end to them. */
const maxSources = 1024;

/** Who may log in; what is absent is not asked. */
export interface Credentials {
  readonly sourceId?: number | undefined;
  readonly password?: string | undefined;
}

/**
 * Grants sessions. A slot has no session, or one; a set-up with the same or a higher epoch takes
 * the slot over, and the connection that had it is closed. Epochs of sessions that have ended are
 * not held against anybody: a restored database starts from lower ones.
 */
export class SessionDesk {
  readonly #credentials: Credentials;
  readonly #memoryLimit: number;
  readonly #sources = new Map<number, Source>();

  constructor(credentials: Credentials, memoryLimit: number) {
    this.#credentials = credentials;
    this.#memoryLimit = memoryLimit;
  }

  /** Sessions at the moment. */
  get count(): number {
    let count = 0;
    for (const source of this.#sources.values()) count += source.sessions.size;
    return count;
  }

  /** Empties every source's memory. */
  forgetTransactions(): void {
    for (const source of this.#sources.values()) source.forget();
  }

  /** Gives the connection its session, or says why not. */
  setUp(connection: Connection, request: SessionSetup): Session | Refusal {
    const { sourceId, password, slot, epoch } = request;
    if (connection.session !== undefined) return notLoggedIn("session is already set up");
    if (!this.#knows(sourceId, password)) return notLoggedIn("unknown source_id or password");
    const known = this.#sources.get(sourceId);
    if (known === undefined && this.#sources.size >= maxSources) {
      return notLoggedIn("no room for another source_id");
    }
    const source = known ?? new Source(sourceId, this.#memoryLimit);
    const holder = source.sessions.get(slot);
    if (holder !== undefined && epoch < holder.epoch) {
      return notLoggedIn("slot is held with a higher epoch");
    }
    this.#sources.set(sourceId, source);
    holder?.connection.close();
    source.sessions.set(slot, { epoch, connection });
    connection.session = { source, slot, epoch };
    return connection.session;
  }

  /** Frees the slot of a connection that is gone, unless another has taken it over. */
  release(connection: Connection): void {
    const { session } = connection;
    if (session === undefined) return;
    connection.session = undefined;
    const { source, slot } = session;
    if (source.sessions.get(slot)?.connection === connection) source.sessions.delete(slot);
  }

  #knows(sourceId: number, password: string): boolean {
    const expected = this.#credentials;
    return (
      (expected.sourceId === undefined || expected.sourceId === sourceId) &&
      (expected.password === undefined || expected.password === password)
    );
  }
}
