import type { CaCommand, ConnectOptions, Delivery, DroppedAnswer } from "../../ca-adapter.js";
import { UnwritableValue } from "../fields/output.js";
import type { Value } from "../fields/value.js";
import { type Received, readableForm } from "../message/received.js";
import type { Verdict } from "../rules/outcome-rules.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { StreamProtocol } from "../stream-protocol.js";
import type { ProbedSession } from "../test-connection.js";
import type { Correlations, UsedCorrelations } from "./correlations.js";
import { GivenUp } from "./given-up.js";
import { InFlight } from "./in-flight.js";
import type { Link, LinkUser } from "./link.js";
import { Outbox } from "./outbox.js";
import { SessionTest } from "./session-test.js";
import { Watchdog } from "./watchdog.js";
import type { Writer, WrittenMessage } from "./writer.js";

/** What the set-up left behind. */
export interface SetUp {
  readonly lastTransaction: number;
  readonly correlations: Correlations;
  readonly writer: Writer;
}

/**
 * A session that stands. It goes from *open* to *draining* (no more commands, what has not left is
 * given back, answers are awaited)
 * to *ended* (good-bye said, or the link broke), or from *open* straight to *ended*. Becoming
 * *ended* settles every command under way: `unknown` when its bytes were given to the socket,
 * `unavailable` when not.
 */
export class ProfileSession implements ProbedSession, LinkUser {
  readonly window: number;
  readonly lastTransaction: number;
  readonly retired: Promise<void>;
  readonly closed: Promise<string>;
  readonly #protocol: StreamProtocol;
  readonly #link: Link;
  readonly #options: ConnectOptions;
  readonly #responseTimeoutMs: number;
  readonly #correlations: Correlations;
  readonly #writer: Writer;
  readonly #inFlight = new InFlight();
  readonly #givenUp = new GivenUp();
  readonly #outbox: Outbox;
  readonly #test: SessionTest | undefined;
  readonly #responses: Watchdog;
  #state: "open" | "draining" | "ended" = "open";
  #retire: () => void = () => undefined;

  constructor(
    protocol: StreamProtocol,
    link: Link,
    settings: ConnectionSettings,
    options: ConnectOptions,
    setUp: SetUp,
  ) {
    const { clock } = options;
    this.window = settings.window;
    this.lastTransaction = setUp.lastTransaction;
    this.retired = new Promise((resolve) => {
      this.#retire = resolve;
    });
    this.closed = link.ended;
    this.#protocol = protocol;
    this.#link = link;
    this.#options = options;
    this.#responseTimeoutMs = settings.responseTimeoutMs;
    this.#correlations = setUp.correlations;
    this.#writer = setUp.writer;
    this.#outbox = new Outbox(link, clock, protocol.minGapMs, (exchange) => {
      // Dropped when it was answered meanwhile.
      if (!this.#inFlight.holds(exchange)) return false;
      if (!options.maySend()) {
        this.#giveBackUnsent("another process may have taken over");
        return false;
      }
      exchange.givenAt = clock.monotonic();
      this.#responses.watch();
      return true;
    });
    const { keepAlive } = protocol;
    this.#test =
      keepAlive &&
      new SessionTest(link, clock, {
        keepAlive,
        write: () => this.#writeOwn(keepAlive.layout),
        responseTimeoutMs: settings.responseTimeoutMs,
        keepAliveMs: settings.keepAliveMs,
      });
    this.#responses = new Watchdog(
      clock,
      () => {
        const oldest = this.#inFlight.oldestGivenAt();
        return oldest === undefined ? undefined : oldest + this.#responseTimeoutMs;
      },
      () => this.#giveUpUnanswered(),
    );
    link.user = this;
  }

  /**
   * A command that cannot be written is answered `rejected` with the profile's code for that,
   * without a byte sent: no later attempt could fare better. Unless what the login gave is at fault:
   * then it is the session that ends.
   */
  send(command: CaCommand): Promise<Delivery> {
    const { transaction } = command;
    if (this.#state !== "open") return refused("the session takes no more commands");
    if (this.#inFlight.size >= this.window) return refused("the window is full");
    let correlation: Value;
    let written: WrittenMessage;
    try {
      correlation = this.#correlations.ofCommand(transaction, this.#used);
      if (this.#inFlight.has(correlation)) {
        return refused(`transaction ${transaction} is under way already`);
      }
      const layout = this.#protocol.commands.get(command.command.type);
      if (layout === undefined) throw new RangeError(`${command.command.type} is not supported`);
      written = this.#writer.write(layout, correlation, command);
    } catch (error) {
      const text = `not sent: ${error instanceof Error ? error.message : String(error)}`;
      if (error instanceof UnwritableValue && error.ofSession) {
        this.#link.fail(error.message);
        return refused(text);
      }
      const code = this.#protocol.unwritableCode;
      return Promise.resolve({ outcome: { kind: "rejected", code, text } });
    }
    const { frame, request } = written;
    return new Promise((settle) => {
      const sentBefore = this.#givenUp.take(correlation) !== undefined;
      const givenAt = undefined;
      const { type } = command.command;
      const exchange = {
        transaction,
        type,
        correlation,
        frame,
        request,
        sentBefore,
        settle,
        givenAt,
      };
      this.#inFlight.add(exchange);
      this.#outbox.put(exchange);
    });
  }

  async close(signal: AbortSignal): Promise<void> {
    const leave = () => this.#leave();
    if (this.#state === "open") this.#drain();
    if (this.#inFlight.size === 0 || signal.aborted) leave();
    else signal.addEventListener("abort", leave);
    await this.closed;
    signal.removeEventListener("abort", leave);
  }

  async probe(): Promise<string | undefined> {
    if (this.#state !== "open") return await this.closed;
    const test = this.#test;
    // Without a message that asks, there is nothing to know beyond that the session stands.
    if (test === undefined) return undefined;
    return await Promise.race([test.ask().then(() => undefined), this.closed]);
  }

  answered(answer: Received): void {
    const test = this.#test;
    if (test?.isAnswer(answer) && test.passed(answer.correlation)) return;
    const { rules } = this.#protocol;
    if (!rules.knows(answer.layout)) {
      this.#drop("UNEXPECTED");
      return;
    }
    const { correlation } = answer;
    const type = this.#inFlight.typeOf(correlation) ?? this.#givenUp.typeOf(correlation);
    const verdict = rules.decide(answer, type);
    if (verdict.endsSession && test?.pending(correlation)) {
      // Messages of the session and commands may be counted apart, so this may answer a command of
      // the same number as well: then what became of the command is not sure, and it ends as unknown.
      this.#link.fail(textOf(verdict));
      return;
    }
    const expected = this.#commandAnswered(answer, verdict);
    // What came with it may be the answers to others, which would be unknown else.
    if (expected && verdict.endsSession) this.#link.failAfterwards(textOf(verdict));
    else if (this.#state === "draining" && this.#inFlight.size === 0) this.#leave();
  }

  wantsMore(): void {
    this.#outbox.flush();
  }

  broke(reason: string): void {
    this.#end(reason);
  }

  readonly #used: UsedCorrelations = {
    isAwaited: (value) => this.#inFlight.has(value) || this.#test?.pending(value) === true,
    isLate: (value) => this.#givenUp.has(value),
  };

  /** Settles the command that an answer belongs to; false when nobody waits for the answer. */
  #commandAnswered(answer: Received, { outcome, rule }: Verdict): boolean {
    const { correlation } = answer;
    const exchange = this.#inFlight.takeAnswered(correlation);
    const command = exchange ?? this.#givenUp.take(correlation);
    if (command === undefined) {
      this.#drop("UNEXPECTED");
      return false;
    }
    const { transaction, request } = command;
    const delivery: Delivery = { outcome, request, response: readableForm(answer) };
    const understood = rule >= 0;
    if (!understood) this.#drop("UNREADABLE");
    if (exchange !== undefined) exchange.settle(delivery);
    else if (understood) this.#options.onLateAnswer(transaction, delivery);
    return true;
  }

  #giveUpUnanswered(): void {
    const timeout = this.#responseTimeoutMs;
    const silentSince = this.#options.clock.monotonic() - timeout;
    for (const exchange of this.#inFlight.takeGivenUntil(silentSince)) {
      const { correlation, transaction, type, request, settle } = exchange;
      this.#givenUp.add(correlation, { transaction, type, request });
      settle({ outcome: { kind: "unknown", text: `no answer within ${timeout} ms` }, request });
    }
    this.#responses.watch();
    if (this.#test !== undefined) this.#test.send();
    // Without a message that asks for a sign of life, only silence tells.
    else if (this.#link.lastHeardAt <= silentSince) {
      this.#link.fail(`nothing was received for ${timeout} ms`);
    }
    if (this.#state === "draining" && this.#inFlight.size === 0) this.#leave();
  }

  #drop(why: DroppedAnswer): void {
    this.#options.onDroppedAnswer?.(why);
  }

  #writeOwn(layout: NonNullable<StreamProtocol["close"]>) {
    const correlation = this.#correlations.ofSession(this.#used);
    return { correlation, ...this.#writer.writeOwn(layout, correlation) };
  }

  #drain(): void {
    this.#state = "draining";
    this.#retire();
    this.#outbox.clear();
    this.#giveBackUnsent("the session was being closed");
  }

  #giveBackUnsent(why: string): void {
    for (const { settle } of this.#inFlight.takeNotGiven()) {
      settle({ outcome: { kind: "unavailable", text: `not sent: ${why}` } });
    }
  }

  /** Ends the session from this side, without a good-bye when it cannot be written. */
  #leave(): void {
    if (this.#state === "ended") return;
    this.#end("the session was closed");
    const { close } = this.#protocol;
    const goodBye = close && this.#writeOwn(close);
    const frame = goodBye && "frame" in goodBye ? goodBye.frame : undefined;
    this.#link.finish(frame, "closed by this side");
  }

  #end(reason: string): void {
    this.#state = "ended";
    this.#retire();
    this.#responses.stop();
    this.#test?.stop();
    this.#outbox.clear();
    for (const { givenAt, request, settle } of this.#inFlight.takeAll()) {
      if (givenAt === undefined)
        settle({ outcome: { kind: "unavailable", text: `not sent: ${reason}` } });
      else settle({ outcome: { kind: "unknown", text: `no answer: ${reason}` }, request });
    }
  }
}

function textOf({ outcome }: Verdict): string {
  return "text" in outcome ? outcome.text : "";
}

function refused(text: string): Promise<Delivery> {
  return Promise.resolve({ outcome: { kind: "unavailable", text } });
}
