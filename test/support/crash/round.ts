import { inspect } from "node:util";
import { seededRandom } from "../../../src/simulator/random.js";
import { postgresServer } from "../postgres-server.js";
import { eventually, inTime } from "../world/eventually.js";
import type { World, WorldOptions } from "../world/world.js";
import { drained, faultsOf } from "./audit.js";
import { Fleet } from "./fleet.js";
import { Load } from "./load.js";
import { atMoment, type Moment } from "./moment.js";

/** What happens in a round; with the same plan the same is tried, though no two runs are alike. */
export interface RoundPlan {
  readonly seed: number;
  readonly kills: number;
  readonly instances: number;
  /** Whose processes are killed: the services' by default. PostgreSQL is started again. */
  readonly victim?: Victim;
  /** The CA system remembers no transactions. */
  readonly forgetful?: boolean;
  /** The CA system also cuts connections inside of an answer, keeps answers back and is silent. */
  readonly noisy?: boolean;
}

export const VICTIMS = ["services", "postgres"] as const;
export type Victim = (typeof VICTIMS)[number];

/** One process that was killed or frozen. */
export interface Strike {
  readonly signal: "SIGKILL" | "SIGSTOP";
  /** The instance by its place, or the process of PostgreSQL. */
  readonly place: number | "checkpointer" | "postmaster";
  /** In the moment of which event from then on. */
  readonly on: Moment;
  readonly count: number;
  /** Milliseconds since 1970, as in the journal. */
  readonly t: number;
}

const CARDS = 6;
const CALLERS = 5;
/** Acknowledged and not yet sent: enough for long lanes, few enough to drain soon. */
const AHEAD = 60;
const ANSWER_LATE_MS = 150;
/** A caller gives up on an instance that froze after this, and goes elsewhere. */
const DEADLINE_MS = 1000;
/** Far from the seeds of other rounds. */
const FURTHER = 1_000_000;
/** How many of the killed are killed again while they start, up to three times. */
const STILLBORN = 0.25;

/** A world under load in which processes die, and what of the promises was broken in it. */
export class Round {
  readonly world: World;
  readonly load: Load;
  readonly strikes: Strike[] = [];
  faults: readonly string[] = [];
  readonly #plan: RoundPlan;
  readonly #fleet: Fleet;
  readonly #random: () => number;
  /** For what came later, so that the rest of a seed means what it did. */
  readonly #further: () => number;

  private constructor(plan: RoundPlan, world: World) {
    const fleet = new Fleet(world);
    this.#plan = plan;
    this.world = world;
    this.#fleet = fleet;
    this.#random = seededRandom(plan.seed);
    this.#further = seededRandom(plan.seed + FURTHER);
    this.load = new Load({
      api: () => fleet.api,
      seed: plan.seed,
      cards: CARDS,
      callers: CALLERS,
      mixed: true,
      deadlineMs: DEADLINE_MS,
      room: () =>
        world.ca.until(
          "room for more",
          // Not the effects: a message may come to none.
          () => this.load.orders.length - world.ca.reached < AHEAD,
        ),
    });
  }

  /** Plays it to its end; the world is left to be looked at, and to be ended. */
  static async play(
    plan: RoundPlan,
    create: (options: WorldOptions) => Promise<World>,
  ): Promise<Round> {
    const round = new Round(plan, await create(worldOf(plan)));
    try {
      await round.#run();
    } catch (error) {
      round.faults = [inspect(error)];
    }
    round.load.abandon();
    return round;
  }

  async #run(): Promise<void> {
    const { load, world } = this;
    await this.#fleet.grow(this.#plan.instances);
    load.start();
    const { kills, victim = "services", forgetful = false } = this.#plan;
    for (let i = 0; i < kills; i += 1) {
      if (victim === "postgres") await this.#strikePostgres();
      else await this.#strike();
    }
    await load.stop();
    const requests = await drained(this.#fleet.api);
    this.faults = [
      ...faultsOf(load.orders, requests, world.ca, { forgetful }),
      ...(await this.#leftovers()),
      // A database or process that is gone is no fault of ours, and callers are to be told so.
      ...new Set(load.failures.filter((text) => text.includes("INTERNAL"))),
      ...this.#fleet.ended().map((place) => `instance ${place} has ended by itself`),
    ];
  }

  async #strike(): Promise<void> {
    const { instances } = this.#plan;
    const place = Math.floor(this.#random() * instances);
    const frozen = this.#random() < 0.2;
    if (frozen && instances > 1) {
      await this.#hit("SIGSTOP", place, this.#random);
      await this.#wakeLate(place);
      return;
    }
    // Alone it is frozen besides: nobody takes over, and it goes on itself.
    if (frozen) await this.#freezeAlone(place);
    await this.#hit("SIGKILL", place, this.#random);
    await this.#stillborn(place);
    await this.#fleet.replace(place);
  }

  #hit(signal: "SIGKILL" | "SIGSTOP", place: number, random: () => number): Promise<void> {
    return this.#soon(signal, random, (on, count) => {
      if (signal === "SIGSTOP") this.#fleet.freeze(place);
      else this.#fleet.at(place).signal(signal);
      this.#note({ signal, place, on, count });
    });
  }

  #soon(what: string, random: () => number, act: (on: Moment, count: number) => void) {
    const { load, world } = this;
    return inTime(`a moment for ${what}`, atMoment({ load, ca: world.ca }, random, act));
  }

  #note(strike: Omit<Strike, "t">): void {
    this.strikes.push({ ...strike, t: Date.now() });
  }

  /** Kills what is to take the place of the killed, before it listens or about then. */
  async #stillborn(place: number): Promise<void> {
    for (let i = 0; i < 3 && this.#further() < STILLBORN; i += 1) {
      await this.#fleet.at(place).exited();
      const ms = Math.round(this.#further() * this.#fleet.startMs);
      await this.world.spawnInVain(ms);
      this.#note({ signal: "SIGKILL", place, on: "start", count: ms });
    }
  }

  /** Lets the only instance sleep past its lease. */
  async #freezeAlone(place: number): Promise<void> {
    // Opened before: opening writes, and the frozen one may hold the lock for that.
    const { reader } = await this.world.database();
    await this.#hit("SIGSTOP", place, this.#further);
    await eventually(
      "the end of its lease",
      () => reader.all<{ lease_date: number }>("SELECT lease_date FROM incarnations"),
      (rows) => rows.every(({ lease_date }) => lease_date < Date.now()),
    );
    this.#fleet.thaw(place);
  }

  async #strikePostgres(): Promise<void> {
    const place = this.#random() < 0.5 ? "checkpointer" : "postmaster";
    const kill = await (await postgresServer()).aim(place);
    let recovered = Promise.resolve();
    await this.#soon("PostgreSQL", this.#random, (on, count) => {
      recovered = kill();
      this.#note({ signal: "SIGKILL", place, on, count });
    });
    await recovered;
    const { ca } = this.world;
    await ca.next("effect");
  }

  /** Lets it sleep until the others have taken over all that it held, and a little longer. */
  async #wakeLate(place: number): Promise<void> {
    const { reader } = await this.world.database();
    const frozen = this.#fleet.at(place).description;
    await eventually(
      `the take-over from ${frozen}`,
      () => reader.all("SELECT id FROM incarnations WHERE description = ?", [frozen]),
      (rows) => rows.length === 0,
    );
    if (this.#random() < 0.5) {
      const { ca } = this.world;
      await ca.reaches(ca.count("effect") + Math.floor(this.#random() * 20), "effect");
    }
    this.#fleet.thaw(place);
  }

  /** Rows that ended requests must not leave behind. */
  async #leftovers(): Promise<string[]> {
    const { reader } = await this.world.database();
    const [row] = await reader.all(
      "SELECT (SELECT count(*) FROM lanes) AS lanes, (SELECT count(*) FROM waiting) AS waiting",
    );
    return Object.entries(row ?? {})
      .filter(([, count]) => Number(count) !== 0)
      .map(([table, count]) => `${count} rows are left in ${table}`);
  }
}

function worldOf({ seed, instances, forgetful = false, noisy = false }: RoundPlan): WorldOptions {
  return {
    settings: { LEASE_MS: 600, HEARTBEAT_MS: 125, LOG_LEVEL: "warn" },
    simulator: {
      seed,
      behaviour: {
        latencyMs: 2,
        failRate: 0.02,
        busyRate: 0.02,
        busyRetryAfterMs: 10,
        forget: forgetful,
        ...(noisy && { disconnectRate: 0.01, dropRate: 0.01, silentRate: 0.01 }),
      },
    },
    providers: [
      {
        // Each instance but the third holds a session.
        connection: {
          connections: Math.min(2, instances),
          ...(noisy && { response_timeout_ms: ANSWER_LATE_MS }),
        },
        limits: { max_attempts: 1000 },
      },
    ],
  };
}
