import type {
  CaCommand,
  CaSession,
  ConnectOptions,
  Delivery,
  DroppedAnswer,
} from "../ca-adapter.js";
import { type Answer, answerMessage, type CommandAnswer, type UnreadableAnswer } from "./answer.js";
import { answerOutcome, NOT_LOGGED_IN, notLoggedInText } from "./answer-outcome.js";
import { commandMessage } from "./command-messages.js";
import type { ConnectionSettings } from "./connection-settings.js";
import { encodeMessage } from "./encode-message.js";
import type { Exchange } from "./exchange.js";
import { GivenUp } from "./given-up.js";
import { InFlight } from "./in-flight.js";
import type { Link, LinkUser } from "./link.js";
import type { Message } from "./messages.js";
import { Outbox } from "./outbox.js";
import { readableForm } from "./readable-form.js";
import { SessionTest } from "./session-test.js";
import { Watchdog } from "./watchdog.js";

/** The code that a CA system answers an invalid parameter with. */
const INVALID_PARAMETER = "3";

/** What the set-up left behind. */
export interface SetUp {
  readonly lastTransaction: number;
  readonly usedSessionTransaction: number;
}

/**
 * A session that stands. It goes from *open* to *draining* (no more commands, answers are awaited)
 * to *ended* (SESSION_CLOSE sent, or the link broke), or from *open* straight to *ended*. Becoming
 * *ended* settles every command under way: `unknown` when its bytes were given to the socket,
 * `unavailable` when not.
 */
export class NdsSession implements CaSession, LinkUser {
  readonly window: number;
  readonly lastTransaction: number;
  readonly closed: Promise<string>;
  readonly #link: Link;
  readonly #options: ConnectOptions;
  readonly #responseTimeoutMs: number;
  readonly #inFlight = new InFlight();
  readonly #givenUp = new GivenUp();
  readonly #outbox: Outbox;
  readonly #test: SessionTest;
  readonly #responses: Watchdog;
  #state: "open" | "draining" | "ended" = "open";

  constructor(link: Link, settings: ConnectionSettings, options: ConnectOptions, setUp: SetUp) {
    this.window = settings.window;
    this.lastTransaction = setUp.lastTransaction;
    this.closed = link.ended;
    this.#link = link;
    this.#options = options;
    this.#responseTimeoutMs = settings.responseTimeoutMs;
    this.#outbox = new Outbox(link, (exchange) => this.#give(exchange));
    this.#test = new SessionTest(link, options.clock, settings, setUp.usedSessionTransaction);
    this.#responses = new Watchdog(
      options.clock,
      () => {
        const oldest = this.#inFlight.oldestGivenAt();
        return oldest === undefined ? undefined : oldest + this.#responseTimeoutMs;
      },
      () => this.#giveUpUnanswered(),
    );
    link.user = this;
  }

  /**
   * A command that cannot be framed is answered `rejected` with the code that the CA system has
   * for an invalid parameter, without a byte sent: no later attempt could fare better.
   */
  send(command: CaCommand): Promise<Delivery> {
    const { transaction } = command;
    if (this.#state !== "open") return refused("the session takes no more commands");
    if (this.#inFlight.size >= this.window) return refused("the window is full");
    if (this.#inFlight.has(transaction)) {
      return refused(`transaction ${transaction} is under way already`);
    }
    let message: Message;
    let frame: Buffer;
    try {
      message = commandMessage(command);
      frame = encodeMessage(message);
    } catch (error) {
      const text = `not sent: ${error instanceof Error ? error.message : String(error)}`;
      return Promise.resolve({ outcome: { kind: "rejected", code: INVALID_PARAMETER, text } });
    }
    const request = readableForm(message);
    return new Promise((settle) => {
      const sentBefore = this.#givenUp.take(transaction) !== undefined;
      const exchange = { transaction, frame, request, sentBefore, settle, givenAt: undefined };
      this.#inFlight.add(exchange);
      this.#outbox.put(exchange);
    });
  }

  async close(signal: AbortSignal): Promise<void> {
    const leave = () => this.#leave();
    if (this.#state === "open") this.#state = "draining";
    if (this.#inFlight.size === 0 || signal.aborted) leave();
    else signal.addEventListener("abort", leave);
    await this.closed;
    signal.removeEventListener("abort", leave);
  }

  answered(answer: Answer): void {
    if (answer.name === "SESSION_STATUS") {
      if (!this.#test.passed(answer.transaction)) this.#drop("UNEXPECTED");
      return;
    }
    const notLoggedIn = answer.name === "COMMAND_REJECTED" && answer.code === NOT_LOGGED_IN;
    if (notLoggedIn && this.#test.pending(answer.transaction)) {
      // SESSION_* and commands are counted apart, so this may answer a command of the same number
      // as well: then what became of the command is not sure, and it ends as unknown.
      this.#link.fail(notLoggedInText(answer.description));
      return;
    }
    const expected = this.#commandAnswered(answer);
    if (expected && notLoggedIn) this.#link.fail(notLoggedInText(answer.description));
    else if (this.#state === "draining" && this.#inFlight.size === 0) this.#leave();
  }

  wantsMore(): void {
    this.#outbox.flush();
  }

  broke(reason: string): void {
    this.#end(reason);
  }

  /** Right before an exchange's bytes go: false when it was answered meanwhile. */
  #give(exchange: Exchange): boolean {
    if (!this.#inFlight.holds(exchange)) return false;
    exchange.givenAt = this.#options.clock.monotonic();
    this.#responses.watch();
    return true;
  }

  /** Settles the command that an answer belongs to; false when nobody waits for the answer. */
  #commandAnswered(answer: CommandAnswer | UnreadableAnswer): boolean {
    const { transaction } = answer;
    const exchange = this.#inFlight.takeAnswered(transaction);
    const request = exchange?.request ?? this.#givenUp.take(transaction);
    if (request === undefined) {
      this.#drop("UNEXPECTED");
      return false;
    }
    const delivery: Delivery = {
      outcome: answerOutcome(answer),
      request,
      response: readableForm(answerMessage(answer)),
    };
    if (answer.name === "UNREADABLE") this.#drop("UNREADABLE");
    if (exchange !== undefined) exchange.settle(delivery);
    else if (answer.name !== "UNREADABLE") this.#options.onLateAnswer(transaction, delivery);
    return true;
  }

  #giveUpUnanswered(): void {
    const timeout = this.#responseTimeoutMs;
    const silentSince = this.#options.clock.monotonic() - timeout;
    for (const { transaction, request, settle } of this.#inFlight.takeGivenUntil(silentSince)) {
      this.#givenUp.add(transaction, request);
      settle({ outcome: { kind: "unknown", text: `no answer within ${timeout} ms` }, request });
    }
    this.#responses.watch();
    this.#test.send();
    if (this.#state === "draining" && this.#inFlight.size === 0) this.#leave();
  }

  #drop(why: DroppedAnswer): void {
    this.#options.onDroppedAnswer?.(why);
  }

  /** Ends the session from this side. */
  #leave(): void {
    if (this.#state === "ended") return;
    this.#end("the session was closed");
    this.#link.finish(this.#test.closeFrame(), "closed by this side");
  }

  #end(reason: string): void {
    this.#state = "ended";
    this.#responses.stop();
    this.#test.stop();
    this.#outbox.clear();
    for (const { givenAt, request, settle } of this.#inFlight.takeAll()) {
      if (givenAt === undefined)
        settle({ outcome: { kind: "unavailable", text: `not sent: ${reason}` } });
      else settle({ outcome: { kind: "unknown", text: `no answer: ${reason}` }, request });
    }
  }
}

function refused(text: string): Promise<Delivery> {
  return Promise.resolve({ outcome: { kind: "unavailable", text } });
}
