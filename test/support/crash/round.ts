import { seededRandom } from "../../../src/simulator/random.js";
import { eventually, inTime } from "../world/eventually.js";
import type { World, WorldOptions } from "../world/world.js";
import { drained, faultsOf } from "./audit.js";
import { Fleet } from "./fleet.js";
import { Load } from "./load.js";

/** What happens in a round; with the same plan the same is tried, though no two runs are alike. */
export interface RoundPlan {
  readonly seed: number;
  readonly kills: number;
  readonly instances: number;
  /** The CA system remembers no transactions. */
  readonly forgetful?: boolean;
  /** The CA system also cuts connections inside of an answer, keeps answers back and is silent. */
  readonly noisy?: boolean;
}

/** One process that was killed or frozen. */
export interface Strike {
  readonly signal: "SIGKILL" | "SIGSTOP";
  readonly place: number;
  /** In the moment of which event from then on. */
  readonly on: Moment;
  readonly count: number;
  /** Milliseconds since 1970, as in the journal. */
  readonly t: number;
}

type Moment = "acknowledgement" | "arrival" | "effect" | "session";

const CARDS = 6;
const CALLERS = 5;
/** Acknowledged and not yet carried out: enough for long lanes, few enough to drain soon. */
const AHEAD = 60;
const ANSWER_LATE_MS = 150;
/** A caller gives up on an instance that froze after this, and goes elsewhere. */
const DEADLINE_MS = 1000;

/** A world under load in which processes die, and what of the promises was broken in it. */
export class Round {
  readonly world: World;
  readonly load: Load;
  readonly strikes: Strike[] = [];
  faults: readonly string[] = [];
  readonly #plan: RoundPlan;
  readonly #fleet: Fleet;
  readonly #random: () => number;

  private constructor(plan: RoundPlan, world: World) {
    const fleet = new Fleet(world);
    this.#plan = plan;
    this.world = world;
    this.#fleet = fleet;
    this.#random = seededRandom(plan.seed);
    this.load = new Load({
      api: () => fleet.api,
      seed: plan.seed,
      cards: CARDS,
      callers: CALLERS,
      deadlineMs: DEADLINE_MS,
      room: () =>
        world.ca.until(
          "room for more",
          () => this.load.orders.length - world.ca.count("effect") < AHEAD,
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
      round.faults = [error instanceof Error ? error.message : String(error)];
    }
    round.load.abandon();
    return round;
  }

  async #run(): Promise<void> {
    const { load, world } = this;
    await this.#fleet.grow(this.#plan.instances);
    load.start();
    for (let i = 0; i < this.#plan.kills; i += 1) await this.#strike();
    await load.stop();
    const requests = await drained(this.#fleet.api);
    const { forgetful = false } = this.#plan;
    this.faults = [
      ...faultsOf(load.orders, requests, world.ca, { forgetful }),
      ...(await this.#leftovers()),
    ];
  }

  async #strike(): Promise<void> {
    const place = Math.floor(this.#random() * this.#plan.instances);
    const frozen = this.#random() < 0.2 && this.#plan.instances > 1;
    const signal = frozen ? "SIGSTOP" : "SIGKILL";
    await inTime(
      `a moment for ${signal}`,
      this.#atMoment((on, count) => {
        if (frozen) this.#fleet.freeze(place);
        else this.#fleet.at(place).signal(signal);
        this.strikes.push({ signal, place, on, count, t: Date.now() });
      }),
    );
    if (frozen) await this.#wakeLate(place);
    else await this.#fleet.replace(place);
  }

  /** Acts within an event that comes soon: nothing is in between. */
  #atMoment(act: (on: Moment, count: number) => void): Promise<void> {
    const count = 1 + Math.floor(this.#random() * 50);
    const dice = this.#random();
    const { ca } = this.world;
    return new Promise((resolve) => {
      let open = true;
      const once = (on: Moment, nth: number) => () => {
        if (!open) return;
        open = false;
        act(on, nth);
        resolve();
      };
      if (dice < 0.35) this.load.atNext(count, once("acknowledgement", count));
      else if (dice < 0.6) ca.atNext("arrival", once("arrival", count), count);
      else if (dice < 0.85) ca.atNext("effect", once("effect", count), count);
      else {
        // While it takes over; or soon, when its session is open already.
        ca.atNext("session", once("session", 1));
        ca.atNext("arrival", once("arrival", count), count);
      }
    });
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
