import { ForgetfulMap } from "../../../memory/forgetful-map.js";
import type { CommandType } from "../../../requests/command.js";
import type { CaCommand, ConnectOptions, Delivery } from "../../ca-adapter.js";
import { UnwritableValue } from "../fields/output.js";
import type { HttpProtocol } from "../http-protocol.js";
import { readableForm } from "../message/received.js";
import { Watchdog } from "../session/watchdog.js";
import type { ConnectionSettings } from "../settings/connection-settings.js";
import type { ProbedSession } from "../test-connection.js";
import type { HttpAnswer } from "./answer-reader.js";
import type { HttpLine } from "./http-line.js";
import { Pace } from "./pace.js";
import type { RequestLayout, WrittenRequest } from "./request-layout.js";
import type { RequestWriter } from "./request-writer.js";
import { SignOfLife } from "./sign-of-life.js";
import { TimedRequest } from "./timed-request.js";

/** What the set-up left behind. */
export interface HttpSetUp {
  readonly lastTransaction: number;
  readonly line: HttpLine;
  readonly writer: RequestWriter;
}

/** One command under way. */
interface Sending {
  readonly transaction: number;
  readonly type: CommandType;
  readonly written: WrittenRequest;
  readonly settle: (delivery: Delivery) => void;
  /** Undefined while it waits for its turn. */
  request: TimedRequest | undefined;
}

/**
 * A session over HTTP: nothing but the permission to send, since every request stands alone. It
 * goes from *open* to *draining* (no more commands, what has not left is given back, answers are
 * awaited) to *ended*. A request that fails on its way drains the session: whoever holds it looks
 * whether the CA system can be reached before more is sent.
 */
export class HttpSession implements ProbedSession {
  readonly window: number;
  readonly lastTransaction: number;
  readonly retired: Promise<void>;
  readonly closed: Promise<string>;
  readonly #protocol: HttpProtocol;
  readonly #settings: ConnectionSettings;
  readonly #options: ConnectOptions;
  readonly #line: HttpLine;
  readonly #writer: RequestWriter;
  readonly #underWay = new ForgetfulMap<number, Sending>();
  /** Given up, and still awaited a while. */
  readonly #late = new Set<TimedRequest>();
  readonly #pace: Pace;
  readonly #signOfLife: SignOfLife;
  readonly #keepAlive: Watchdog;
  #state: "open" | "draining" | "ended" = "open";
  #reason = "";
  #lastHeardAt: number;
  #retire: () => void = () => undefined;
  #resolveClosed: (reason: string) => void = () => undefined;

  constructor(
    protocol: HttpProtocol,
    settings: ConnectionSettings,
    options: ConnectOptions,
    { lastTransaction, line, writer }: HttpSetUp,
  ) {
    const { clock } = options;
    this.window = settings.window;
    this.lastTransaction = lastTransaction;
    this.#protocol = protocol;
    this.#settings = settings;
    this.#options = options;
    this.#line = line;
    this.#writer = writer;
    this.#lastHeardAt = clock.monotonic();
    this.retired = new Promise((resolve) => {
      this.#retire = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#pace = new Pace(clock, protocol.minGapMs);
    this.#signOfLife = new SignOfLife({ protocol, settings, clock, line, writer }, (fault) => {
      if (fault !== undefined) this.#end(fault);
      else {
        this.#lastHeardAt = clock.monotonic();
        if (protocol.keepAlive !== undefined) this.#keepAlive.watch();
      }
    });
    const { keepAliveMs } = settings;
    this.#keepAlive = new Watchdog(
      clock,
      () => (this.#signOfLife.pending ? undefined : this.#lastHeardAt + keepAliveMs),
      () => this.#signOfLife.ask(),
    );
    if (protocol.keepAlive !== undefined) this.#keepAlive.watch();
  }

  /**
   * A command that cannot be written is answered `rejected` with the profile's code for that,
   * without a byte sent: no later attempt could fare better. Unless what the login gave is at fault:
   * then it is the session that ends.
   */
  send(command: CaCommand): Promise<Delivery> {
    const { transaction } = command;
    if (this.#state !== "open") return refused("the session takes no more commands");
    if (this.#underWay.size >= this.window) return refused("the window is full");
    if (this.#underWay.has(transaction)) {
      return refused(`transaction ${transaction} is under way already`);
    }
    let layout: RequestLayout;
    let written: WrittenRequest;
    try {
      const found = this.#protocol.commands.get(command.command.type);
      if (found === undefined) throw new RangeError(`${command.command.type} is not supported`);
      layout = found;
      written = this.#writer.write(layout, command);
    } catch (error) {
      if (!(error instanceof UnwritableValue && error.ofSession)) {
        return Promise.resolve(this.#unwritable(error));
      }
      this.#drain(error.message);
      return refused(`not sent: ${error.message}`);
    }
    return new Promise((settle) => {
      const { type } = command.command;
      const sending: Sending = { transaction, type, written, settle, request: undefined };
      this.#underWay.set(transaction, sending);
      this.#pace.run(() => this.#start(sending, layout));
    });
  }

  async close(signal: AbortSignal): Promise<void> {
    const leave = () => this.#end("the session was closed");
    this.#drain("closed by this side");
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave);
    await this.closed;
    signal.removeEventListener("abort", leave);
  }

  async probe(): Promise<string | undefined> {
    if (this.#state !== "open") return await this.closed;
    return await Promise.race([this.#signOfLife.asked(), this.closed]);
  }

  /** Takes no more commands, and ends when those under way have. */
  #drain(reason: string): void {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.#reason = reason;
    this.#retire();
    for (const sending of [...this.#underWay.values()]) {
      if (sending.request === undefined) this.#giveBack(sending, "the session was being closed");
    }
    if (this.#underWay.size === 0) this.#end(reason);
  }

  #start(sending: Sending, layout: RequestLayout): void {
    if (this.#underWay.get(sending.transaction) !== sending) return;
    try {
      sending.request = this.#request(sending, layout);
    } catch (error) {
      this.#settle(sending, this.#unwritable(error));
    }
  }

  #request(sending: Sending, layout: RequestLayout): TimedRequest {
    const { written } = sending;
    const { readable: request } = written;
    let late = false;
    const { clock } = this.#options;
    const timed = new TimedRequest(this.#line, clock, this.#settings, written, {
      mayLeave: this.#options.maySend,
      keptBack: () => this.#giveBack(sending, "another process may have taken over"),
      answered: (answer) => {
        this.#late.delete(timed);
        this.#answered(sending, layout, answer, late);
      },
      failed: (reason, given) => {
        this.#late.delete(timed);
        if (late) return;
        this.#drain(reason);
        if (!given) this.#giveBack(sending, reason);
        else {
          const text = `no answer: ${reason}`;
          this.#settle(sending, { outcome: { kind: "unknown", text }, request });
        }
      },
      silent: () => {
        late = true;
        this.#awaitLate(timed);
        const text = `no answer within ${this.#settings.responseTimeoutMs} ms`;
        this.#settle(sending, { outcome: { kind: "unknown", text }, request });
        // It may have been the last one of a session that was being closed.
        if (this.#state !== "ended") this.#signOfLife.ask();
      },
    });
    return timed;
  }

  #answered(sending: Sending, layout: RequestLayout, answer: HttpAnswer, late: boolean): void {
    this.#lastHeardAt = this.#options.clock.monotonic();
    const received = this.#protocol.read(layout, answer);
    const { outcome, rule, endsSession } = this.#protocol.rules.decide(received, sending.type);
    const delivery: Delivery = {
      outcome,
      request: sending.written.readable,
      response: readableForm(received),
    };
    if (endsSession) this.#drain("text" in outcome ? outcome.text : outcome.kind);
    if (rule < 0) this.#options.onDroppedAnswer?.("UNREADABLE");
    if (!late) this.#settle(sending, delivery);
    else if (rule >= 0) this.#options.onLateAnswer(sending.transaction, delivery);
  }

  /** Bounded: with a window full of them the oldest is given up for good. */
  #awaitLate(request: TimedRequest): void {
    this.#late.add(request);
    const [oldest] = this.#late;
    if (this.#late.size <= this.window || oldest === undefined) return;
    this.#late.delete(oldest);
    oldest.drop();
  }

  /** Nothing of it has left. */
  #giveBack(sending: Sending, why: string): void {
    this.#settle(sending, { outcome: { kind: "unavailable", text: `not sent: ${why}` } });
  }

  #settle(sending: Sending, delivery: Delivery): void {
    this.#underWay.delete(sending.transaction);
    sending.settle(delivery);
    if (this.#state === "draining" && this.#underWay.size === 0) this.#end(this.#reason);
  }

  #unwritable(error: unknown): Delivery {
    const text = `not sent: ${error instanceof Error ? error.message : String(error)}`;
    return { outcome: { kind: "rejected", code: this.#protocol.unwritableCode, text } };
  }

  #end(reason: string): void {
    if (this.#state === "ended") return;
    if (this.#state === "open") this.#reason = reason;
    this.#state = "ended";
    this.#retire();
    this.#keepAlive.stop();
    this.#signOfLife.stop();
    this.#pace.stop();
    for (const request of this.#late) request.drop();
    for (const { request, written, settle } of this.#underWay.values()) {
      const given = request?.given === true;
      request?.drop();
      if (given) {
        settle({
          outcome: { kind: "unknown", text: `no answer: ${reason}` },
          request: written.readable,
        });
      } else settle({ outcome: { kind: "unavailable", text: `not sent: ${reason}` } });
    }
    this.#underWay.clear();
    void this.#line.close().then(() => this.#resolveClosed(this.#reason));
  }
}

function refused(text: string): Promise<Delivery> {
  return Promise.resolve({ outcome: { kind: "unavailable", text } });
}
