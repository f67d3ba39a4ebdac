import type { Behaviour } from "./behaviour.js";
import { Cards } from "./cards.js";
import type { Clock } from "./clock.js";
import type { Fault } from "./fault-dice.js";
import type { Journal } from "./journal.js";
import type { Answer, Command, Refusal } from "./message.js";
import { cardNotActive, internalError, tooManyServices } from "./refusals.js";
import { referenceOf, subjectOf, type Work } from "./work.js";

/** The highest code that is a final answer; 5 and 100 up are not remembered. */
const lastFinalCode = 4;

/** Gives new commands their effect and their answer, or what the fault dice make of them. */
export class Executor {
  readonly #behaviour: () => Behaviour;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #cards = new Cards();
  #effects = 0;

  constructor(behaviour: () => Behaviour, clock: Clock, journal: Journal) {
    this.#behaviour = behaviour;
    this.#clock = clock;
    this.#journal = journal;
  }

  /** Commands carried out; a query has no effect. */
  get effects(): number {
    return this.#effects;
  }

  execute(work: Work, command: Command, fault: Fault): void {
    switch (fault) {
      case "busy":
        this.#turnAway(work);
        break;
      case "fail":
        this.refuse(work, internalError);
        break;
      case "reject":
        this.refuse(work, cardNotActive);
        break;
      case "silent":
        break;
      case "none":
      case "drop":
      case "disconnect":
        if (this.#cards.apply(command, this.#clock.now())) this.#accept(work, fault);
        else this.refuse(work, tooManyServices);
        break;
    }
  }

  refuse(work: Work, refusal: Refusal): void {
    if (refusal.code <= lastFinalCode) this.#remember(work, refusal);
    this.#journal.write("reject", { ...subjectOf(work), code: refusal.code });
    work.connection.send({ kind: "rejected", transaction: work.transaction, refusal });
  }

  #turnAway(work: Work): void {
    const { transaction } = work;
    this.#journal.write("busy", subjectOf(work));
    const retryAfterMs = this.#behaviour().busyRetryAfterMs;
    work.connection.send({ kind: "busy", transaction, retryAfterMs });
  }

  #accept(work: Work, fault: "none" | "drop" | "disconnect"): void {
    const reference = referenceOf(work);
    const subject = { ...subjectOf(work), reference };
    this.#remember(work, undefined);
    if (work.type !== "GET_ACTIVE_SERVICES") {
      this.#effects += 1;
      this.#journal.write("effect", subject);
    }
    const answer: Answer = {
      kind: "accepted",
      transaction: work.transaction,
      reference,
      services: this.#servicesFor(work),
    };
    switch (fault) {
      case "none":
        work.connection.send(answer);
        break;
      case "drop":
        this.#journal.write("drop", subject);
        break;
      case "disconnect":
        this.#journal.write("cut", subject);
        work.connection.cut(answer);
        break;
    }
  }

  #servicesFor({ type, card }: Work): readonly string[] {
    return type === "GET_ACTIVE_SERVICES" && card !== undefined
      ? this.#cards.active(card, this.#clock.now())
      : [];
  }

  #remember(work: Work, refusal: Refusal | undefined): void {
    const { source, transaction, type, digest } = work;
    // 0 is no command number; remembered, it would make last_transaction say "none" of something.
    if (transaction === 0 || type === "GET_ACTIVE_SERVICES" || this.#behaviour().forget) return;
    source.memory.remember(transaction, digest, refusal, this.#clock.now());
  }
}
