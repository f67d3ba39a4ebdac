import type { Clock } from "./clock.js";
import type { CommandDesk } from "./command-desk.js";
import type { Connection, ConnectionListener } from "./connection.js";
import type { Journal } from "./journal.js";
import type {
  CommandRequest,
  CommandType,
  Refusal,
  Request,
  SessionMessageType,
  SessionSetup,
} from "./message.js";
import { invalidParameter, notLoggedIn } from "./refusals.js";
import type { SessionDesk } from "./session-desk.js";

/** Everything a CA system works with. */
export interface CaSystemParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly sessions: SessionDesk;
  readonly commands: CommandDesk;
  readonly log: (line: string) => void;
}

/**
 * Decides what to do with each message. A connection has no session, then one until it ends:
 * anything but a set-up before, and a second set-up after, is refused with 101 and closed.
 */
export class CaSystem implements ConnectionListener {
  readonly #parts: CaSystemParts;

  constructor(parts: CaSystemParts) {
    this.#parts = parts;
  }

  received(connection: Connection, request: Request): void {
    switch (request.kind) {
      case "session_setup":
        this.#setUp(connection, request);
        break;
      case "session_test":
        this.#test(connection, request.transaction);
        break;
      case "session_close":
        connection.close();
        break;
      case "bad_session_message":
        this.#reject(connection, request, invalidParameter(request.reason));
        break;
      case "command":
        this.#command(connection, request);
        break;
    }
  }

  protocolError(connection: Connection, reason: string): void {
    this.#parts.journal.write("protocol_error", { src: connection.session?.source.id });
    this.#parts.log(`protocol error: ${reason}`);
  }

  left(connection: Connection): void {
    this.#parts.sessions.release(connection);
  }

  #setUp(connection: Connection, request: SessionSetup): void {
    const { sessions, journal, clock, log } = this.#parts;
    const { transaction, sourceId, slot, epoch } = request;
    const asked = `source_id=${sourceId} slot=${slot} epoch=${epoch}`;
    const granted = sessions.setUp(connection, request);
    if ("code" in granted) {
      log(`session refused: ${asked}: ${granted.description}`);
      this.#reject(connection, { src: sourceId, transaction, type: "SESSION_SETUP" }, granted);
      connection.close();
      return;
    }
    log(`session: ${asked}`);
    journal.write("session", { src: sourceId, txn: transaction, type: "SESSION_SETUP" });
    const lastTransaction = granted.source.memory.highest(clock.now());
    connection.send({ kind: "status", transaction, lastTransaction });
  }

  #test(connection: Connection, transaction: number): void {
    const { session } = connection;
    if (session === undefined) {
      this.#refuse(connection, { transaction, type: "SESSION_TEST" });
      return;
    }
    const src = session.source.id;
    this.#parts.journal.write("test", { src, txn: transaction, type: "SESSION_TEST" });
    connection.send({ kind: "status", transaction });
  }

  #command(connection: Connection, request: CommandRequest): void {
    const { session } = connection;
    const { commands, journal } = this.#parts;
    if (session !== undefined) {
      commands.receive(connection, session, request);
      return;
    }
    const { transaction, type, card } = request;
    journal.write("arrival", { txn: transaction, type, card });
    this.#refuse(connection, request);
  }

  /** For want of a session. */
  #refuse(connection: Connection, request: Refused): void {
    this.#reject(connection, request, notLoggedIn("no session"));
    connection.close();
  }

  #reject(connection: Connection, request: Refused, refusal: Refusal): void {
    const { src, transaction, type, card } = request;
    const { code } = refusal;
    this.#parts.journal.write("reject", { src, txn: transaction, type, card, code });
    connection.send({ kind: "rejected", transaction, refusal });
  }
}

/** What the journal tells of a request that no desk took in. */
interface Refused {
  readonly src?: number | undefined;
  readonly transaction: number;
  readonly type: SessionMessageType | CommandType;
  readonly card?: string | undefined;
}
