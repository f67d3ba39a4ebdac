import pg from "pg";
import type { Logger } from "pino";
import { v7 as newId } from "uuid";
import { KEEP_ALIVE } from "../../store/postgres/keep-alive.js";
import { Outgoing } from "./outgoing.js";
import type { Notice, WakeUp } from "./wake-up.js";

const CHANNEL = "provisioning";
/** At most one notice of a kind in so long: a NOTIFY takes a lock that all commits share. */
const SPACING_MS = 10;
const RECONNECT_BASE_MS = 100;
const RECONNECT_MAX_MS = 10_000;
const TIMEOUT_MS = 5000;
/** How long a stop may take to pass on what was told and to take leave. */
const STOP_MS = 1000;

/**
 * LISTEN and NOTIFY on a connection of their own, never in a data transaction.
 *
 *   down ──a while──▶ connecting ──LISTEN──▶ up
 *   connecting, up ──error, or no answer in time──▶ down, what was not sent put back
 *
 * A connection that gave no answer is never used again: a firewall may have forgotten it, and then
 * it would swallow all that is said. What is told while it is not up waits, said once; when it is
 * up again, "missed" is heard here.
 */
export class PostgresWakeUp implements WakeUp {
  readonly #url: string;
  readonly #log: Logger;
  readonly #sender = newId();
  readonly #outgoing = new Outgoing();
  #hear: (notice: Notice) => void = () => undefined;
  /** Connecting or up. */
  #client: pg.Client | undefined;
  #isUp = false;
  #failures = 0;
  #reconnect: NodeJS.Timeout | undefined;
  #flush: NodeJS.Timeout | undefined;
  #connecting: Promise<void> | undefined;
  #sending: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  start(hear: (notice: Notice) => void): void {
    this.#hear = hear;
    this.#connecting = this.#connect();
  }

  tell(notice: Notice): void {
    if (this.#stopped) return;
    this.#outgoing.add(notice);
    this.#flush ??= setTimeout(() => this.#sendSoon(), SPACING_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#flush);
    clearTimeout(this.#reconnect);
    // Whatever is waited for on it fails then.
    const late = setTimeout(() => destroy(this.#client), STOP_MS);
    await this.#connecting;
    this.#sendSoon();
    await this.#sending;
    await this.#client?.end().catch(() => undefined);
    clearTimeout(late);
  }

  #sendSoon(): void {
    this.#sending = this.#sending.then(() => {
      this.#flush = undefined;
      return this.#send();
    });
  }

  async #send(): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#isUp) return;
    const notices = this.#outgoing.take();
    for (const [i, notice] of notices.entries()) {
      const payload = JSON.stringify({ sender: this.#sender, notice });
      try {
        await client.query("SELECT pg_notify($1, $2)", [CHANNEL, payload]);
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) {
          this.#outgoing.putBack(notices.slice(i));
          this.#lost(client, error);
          return;
        }
        // The server has answered: it is this notice that it does not take.
        this.#log.debug({ err: error }, "a notice to the other instances was lost");
      }
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      ...KEEP_ALIVE,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      application_name: "ca-provisioning wake-up",
    });
    this.#client = client;
    client.on("error", (error) => this.#lost(client, error));
    client.on("notification", ({ payload }) => this.#received(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      this.#lost(client, error);
    }
    if (this.#client !== client) return;
    this.#isUp = true;
    this.#failures = 0;
    if (this.#outgoing.any) this.#sendSoon();
    this.#hear({ kind: "missed" });
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#isUp = false;
    destroy(client);
    if (this.#stopped) return;
    if (this.#failures === 0) {
      this.#log.warn({ err: error }, "the wake-up connection is lost; trying again");
    }
    this.#again();
  }

  #again(): void {
    this.#failures += 1;
    const cap = Math.min(RECONNECT_MAX_MS, RECONNECT_BASE_MS * 2 ** Math.min(this.#failures, 20));
    clearTimeout(this.#reconnect);
    this.#reconnect = setTimeout(() => {
      this.#connecting = this.#connect();
    }, Math.random() * cap);
  }

  #received(payload: string): void {
    try {
      const { sender, notice } = JSON.parse(payload) as { sender: string; notice: Notice };
      if (sender !== this.#sender) this.#hear(notice);
    } catch (error) {
      // Somebody else uses the channel; what it says is none of ours.
      this.#log.debug({ err: error }, "an unreadable notice");
    }
  }
}

/** Ends a connection without a word to the other end, which may not hear it. */
function destroy(client: pg.Client | undefined): void {
  client?.connection.stream.destroy();
}
