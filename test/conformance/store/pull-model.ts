import { expect } from "chai";
import type { ClaimedHead } from "../../../src/store/dispatch-store.js";
import type { PullAnswer } from "../../../src/store/pull-store.js";

/** What the model knows of one request. */
interface Known {
  readonly number: number;
  readonly card: string;
  readonly mail: boolean;
  state: "open" | "COMPLETED" | "REJECTED" | "CANCELLED";
  /** When its lease ends; undefined without one. */
  leasedUntil: number | undefined;
  transaction: number | undefined;
  /** What the answer said that ended it. */
  answer: string | undefined;
}

/** What must be true of requests that loops fetch, kept in the plainest way. */
export class PullModel {
  readonly known: Known[] = [];
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  created(number: number, card: string, mail: boolean): void {
    this.known.push({
      number,
      card,
      mail,
      state: "open",
      leasedUntil: undefined,
      transaction: undefined,
      answer: undefined,
    });
  }

  open(): Known[] {
    return this.known.filter(({ state }) => state === "open");
  }

  /** The first open request of each card, unless it is leased. */
  ready(): Known[] {
    const firsts = new Map<string, Known>();
    for (const one of this.open()) if (!firsts.has(one.card)) firsts.set(one.card, one);
    return [...firsts.values()].filter(({ leasedUntil }) => leasedUntil === undefined);
  }

  handedOut(head: ClaimedHead, until: number): void {
    const request = this.ready().find(({ number }) => number === head.number);
    if (request === undefined) throw new Error(`${head.number} was not to be handed out`);
    expect(until).to.be.above(this.now);
    if (request.mail) expect(request.transaction, "a mail handed out twice").to.equal(undefined);
    expect(head.transactionNumber).to.equal(request.transaction ?? head.transactionNumber);
    const others = this.known.filter((one) => one !== request);
    expect(others.map(({ transaction }) => transaction)).not.to.include(head.transactionNumber);
    request.transaction = head.transactionNumber;
    request.leasedUntil = until;
  }

  /** What has to become of an answer. */
  answered({ identifier, outcome, text }: PullAnswer): string {
    const request = this.known.find(({ number }) => number === identifier.value);
    if (request === undefined) return "PROVISIONING_REQUEST_NOT_FOUND";
    if (request.state !== "open") {
      return request.answer === text ? "repeated" : "STATE_NOT_ALLOWED";
    }
    if (request.transaction === undefined) return "STATE_NOT_ALLOWED";
    request.state = outcome.kind === "accepted" ? "COMPLETED" : "REJECTED";
    request.answer = text;
    request.leasedUntil = undefined;
    return "applied";
  }

  /** What has to become of a wish to cancel. */
  cancelled(request: Known): string {
    if (request.state === "CANCELLED") return "already";
    if (request.state !== "open" || request.leasedUntil !== undefined) return "not_allowed";
    request.state = "CANCELLED";
    return "ended";
  }

  /** Numbers that end because nobody may try again what they may have done. */
  endLeases(): number[] {
    const over = this.open().filter(
      ({ leasedUntil }) => leasedUntil !== undefined && leasedUntil <= this.now,
    );
    for (const one of over) one.leasedUntil = undefined;
    const unknown = over.filter(({ mail }) => mail);
    for (const one of unknown) one.state = "REJECTED";
    return unknown.map(({ number }) => number);
  }
}
