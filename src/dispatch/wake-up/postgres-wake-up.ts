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
const CONNECT_TIMEOUT_MS = 5000;

/**
 * LISTEN and NOTIFY on a connection of their own, never in a data transaction.
 *
 *   down ──connect, LISTEN──▶ up ──connection lost──▶ down
 *
 * What is told while it is down waits, said once; when it is up again, "missed" is heard here.
 */
export class PostgresWakeUp implements WakeUp {
  readonly #url: string;
  readonly #log: Logger;
  readonly #sender = newId();
  readonly #outgoing = new Outgoing();
  #hear: (notice: Notice) => void = () => undefined;
  #client: pg.Client | undefined;
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
    await this.#connecting;
    this.#sendSoon();
    await this.#sending;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #sendSoon(): void {
    this.#flush = undefined;
    this.#sending = this.#sending.then(() => this.#send());
  }

  async #send(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    for (const notice of this.#outgoing.take()) {
      const payload = JSON.stringify({ sender: this.#sender, notice });
      try {
        await client.query("SELECT pg_notify($1, $2)", [CHANNEL, payload]);
      } catch (error) {
        this.#log.debug({ err: error }, "a notice to the other instances was lost");
      }
    }
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      ...KEEP_ALIVE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      application_name: "ca-provisioning wake-up",
    });
    client.on("error", () => this.#lost(client));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload }) => this.#received(payload ?? ""));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      if (this.#failures === 0) this.#log.warn({ err: error }, "no wake-up connection");
      await client.end().catch(() => undefined);
      this.#again();
      return;
    }
    this.#client = client;
    this.#failures = 0;
    if (this.#outgoing.any) this.#sendSoon();
    this.#hear({ kind: "missed" });
  }

  #lost(client: pg.Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    void client.end().catch(() => undefined);
    this.#again();
  }

  #again(): void {
    if (this.#stopped) return;
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
