import { expect } from "chai";
import type { ClaimedHead } from "../../../src/store/dispatch-store.js";

/** What the model knows of one request. Dates are those of the clock at the time. */
export interface Known {
  readonly number: number;
  readonly card: string;
  /** 0 when it was due at once. */
  readonly dueDate: number;
  readonly expireDate: number | undefined;
  /** The earliest and the latest that the clock said since. */
  earliest: number;
  latest: number;
  transaction: number | undefined;
  /** Numbers of its card that had to go before it. */
  readonly before: readonly number[];
  state: "open" | "sending" | "COMPLETED" | "REJECTED" | "CANCELLED";
  wakeDate: number;
}

/**
 * What must be true of the store, whatever happens to it: kept beside it in the plainest way. It
 * does not foretell which head a claim takes, but knows which it may not, and when it must take one.
 */
export class Model {
  readonly known = new Map<number, Known>();
  readonly #transactions = new Map<number, number>();
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  setClock(now: number): void {
    this.now = now;
    for (const one of this.known.values()) {
      one.earliest = Math.min(one.earliest, now);
      one.latest = Math.max(one.latest, now);
    }
  }

  accepted(number: number, request: Pick<Known, "card" | "dueDate" | "expireDate">): void {
    expect(this.known.has(number), "number given twice").to.equal(false);
    const due = request.dueDate > this.now ? request.dueDate : 0;
    const before = this.open(request.card).filter(
      (one) => one.dueDate <= this.now || one.transaction !== undefined,
    );
    this.known.set(number, {
      ...request,
      number,
      dueDate: due,
      earliest: this.now,
      latest: this.now,
      before: before.map((one) => one.number),
      transaction: undefined,
      state: "open",
      wakeDate: 0,
    });
  }

  /** Open requests of a card, or of all, that are sent or not. */
  open(card?: string): Known[] {
    return [...this.known.values()].filter(
      (one) =>
        (one.state === "open" || one.state === "sending") &&
        (card === undefined || one.card === card),
    );
  }

  sending(): Known[] {
    return this.open().filter((one) => one.state === "sending");
  }

  get(number: number): Known {
    const found = this.known.get(number);
    if (found === undefined) throw new Error(`nobody stored ${number}`);
    return found;
  }

  claimed(head: ClaimedHead): void {
    const request = this.get(head.number);
    expect(request.state, `${head.number} is claimed`).to.equal("open");
    expect(request.dueDate, `${head.number} is claimed when due`).to.be.at.most(request.latest);
    for (const other of this.open(request.card)) {
      expect(other.state, `${other.number} beside ${head.number}`).not.to.equal("sending");
      // One that a clock which went back has made wait for its date again may be passed.
      if (other.dueDate <= request.earliest) {
        expect(request.before, `${head.number} overtakes`).not.to.include(other.number);
      }
      if (other !== request)
        expect(other.transaction, "a claimed head displaced").to.equal(undefined);
    }
    expect(head.transactionNumber).to.equal(request.transaction ?? head.transactionNumber);
    this.numbered(head);
    request.state = "sending";
  }

  numbered(head: ClaimedHead): void {
    const user = this.#transactions.get(head.transactionNumber) ?? head.number;
    expect(user, "who has the transaction").to.equal(head.number);
    this.#transactions.set(head.transactionNumber, head.number);
    this.get(head.number).transaction = head.transactionNumber;
  }

  /** Cards of which a claim in a run, with places for all, has to take a head now. */
  mustClaim(): string[] {
    const cards = new Set(this.open().map((one) => one.card));
    return [...cards].filter((card) => {
      const open = this.open(card);
      if (open.some((one) => one.state === "sending")) return false;
      const head = open.find((one) => one.transaction !== undefined);
      if (head !== undefined) return head.wakeDate <= this.now;
      return open.some((one) => one.dueDate <= this.now);
    });
  }

  /** Numbers that a sweep of the expired has to end now. */
  mustExpire(): number[] {
    return this.open()
      .filter((one) => one.state === "open" && (one.expireDate ?? Infinity) <= this.now)
      .map((one) => one.number);
  }
}
