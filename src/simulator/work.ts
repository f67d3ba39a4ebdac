import { hash } from "node:crypto";
import type { Connection } from "./connection.js";
import type { JournalSubject } from "./journal.js";
import type { CommandRequest, CommandType } from "./message.js";
import type { Source } from "./source.js";

/** One command of a session, from its arrival to its answer. */
export interface Work {
  readonly source: Source;
  readonly transaction: number;
  readonly type: CommandType;
  readonly card: string | undefined;
  /** Of type and body; stands for the bytes from here on. */
  readonly digest: Buffer;
  /** The connection that sent it last: the one that gets the answer. */
  connection: Connection;
}

/** Takes a request in; nothing of the work points into the connection's bytes any more. */
export function workOf(source: Source, connection: Connection, request: CommandRequest): Work {
  const { transaction, type, card, bytes } = request;
  return { source, transaction, type, card, digest: hash("sha256", bytes, "buffer"), connection };
}

/** The reference number of a work's effect, the same each time it is told. */
export function referenceOf(work: Work): string {
  return `R${work.source.id}-${work.transaction}`;
}

/** A work as the journal names it. */
export function subjectOf(work: Work): JournalSubject {
  return { src: work.source.id, txn: work.transaction, type: work.type, card: work.card };
}
