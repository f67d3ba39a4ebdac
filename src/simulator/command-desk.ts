import type { Behaviour } from "./behaviour.js";
import type { Clock } from "./clock.js";
import type { Connection } from "./connection.js";
import type { Executor } from "./executor.js";
import { type Fault, throwDice } from "./fault-dice.js";
import type { Journal } from "./journal.js";
import type { Command, CommandRequest, Refusal } from "./message.js";
import { invalidParameter, transactionUsed } from "./refusals.js";
import type { Session } from "./source.js";
import { referenceOf, subjectOf, type Work, workOf } from "./work.js";

/** Commands in progress at a time; beyond it the answer is BUSY, which bounds memory and timers. */
const maxInProgress = 65_536;

/** Everything a command desk works with. */
export interface CommandDeskParts {
  readonly behaviour: () => Behaviour;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly random: () => number;
  readonly executor: Executor;
}

/**
 * Takes commands in. A number of one source_id is new, then in progress while the latency lasts,
 * then remembered, or new again if its answer is none to remember. Effect, memory and answer come
 * together at the end, so that a stop in between leaves no effect that the memory does not know.
 */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  readonly #cancels = new Map<Work, () => void>();

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
  }

  /** Drops what is in progress, without effect. */
  stop(): void {
    for (const [work, cancel] of this.#cancels) {
      cancel();
      work.source.inProgress.delete(work.transaction);
    }
    this.#cancels.clear();
  }

  /** Answers a command, now or after the latency. */
  receive(connection: Connection, session: Session, request: CommandRequest): void {
    const work = workOf(session.source, connection, request);
    const { journal, clock } = this.#parts;
    journal.write("arrival", subjectOf(work));
    const current = work.source.inProgress.get(work.transaction);
    if (current !== undefined) {
      this.#sentAgain(work, current);
      return;
    }
    const known = work.source.memory.recall(work.transaction, work.digest, clock.now());
    switch (known.kind) {
      case "new":
        this.#start(work, request.content);
        break;
      case "other_bytes":
        this.#conflict(work);
        break;
      case "same_bytes":
        this.#repeat(work, known.refusal);
        break;
    }
  }

  #start(work: Work, content: CommandRequest["content"]): void {
    const { executor, behaviour, random } = this.#parts;
    if (content.type === "BAD_VALUE") {
      executor.refuse(work, invalidParameter(content.reason));
      return;
    }
    const fault = throwDice(behaviour(), random);
    const { latencyMs } = behaviour();
    // Without latency nothing is ever in progress, which saves a timer for each command.
    if (latencyMs === 0) executor.execute(work, content, fault);
    else if (this.#cancels.size >= maxInProgress) executor.execute(work, content, "busy");
    else this.#delay(work, content, fault, latencyMs);
  }

  #delay(work: Work, command: Command, fault: Fault, latencyMs: number): void {
    const { inProgress } = work.source;
    inProgress.set(work.transaction, work);
    const cancel = this.#parts.clock.after(latencyMs, () => {
      this.#cancels.delete(work);
      inProgress.delete(work.transaction);
      this.#parts.executor.execute(work, command, fault);
    });
    this.#cancels.set(work, cancel);
  }

  /** In progress: not started again, and answered once, where it was sent last. */
  #sentAgain(work: Work, current: Work): void {
    if (!current.digest.equals(work.digest)) {
      this.#conflict(work);
      return;
    }
    current.connection = work.connection;
    this.#parts.journal.write("repeat", subjectOf(work));
  }

  #conflict(work: Work): void {
    const { transaction } = work;
    this.#parts.journal.write("conflict", subjectOf(work));
    work.connection.send({ kind: "rejected", transaction, refusal: transactionUsed });
  }

  /** Tells the remembered answer once more. */
  #repeat(work: Work, refusal: Refusal | undefined): void {
    const { transaction, connection } = work;
    const { journal } = this.#parts;
    if (refusal !== undefined) {
      journal.write("repeat", subjectOf(work));
      connection.send({ kind: "rejected", transaction, refusal });
      return;
    }
    const reference = referenceOf(work);
    journal.write("repeat", { ...subjectOf(work), reference });
    // Services are told by GET_ACTIVE_SERVICES only, which is never remembered.
    connection.send({ kind: "accepted", transaction, reference, services: [] });
  }
}
