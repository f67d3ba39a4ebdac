import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { expect } from "chai";
import { systemClock } from "../../../src/requests/clock.js";
import { COMMAND_TYPES, isCommandType } from "../../../src/requests/command.js";
import type { ProviderRules } from "../../../src/requests/provider-rules.js";
import type { ProvisioningRequest } from "../../../src/requests/provisioning-request.js";
import type {
  Claimed,
  ClaimedHead,
  ClaimOptions,
  ClaimRun,
  DispatchStore,
  HeadResult,
  Pace,
  SessionSlot,
} from "../../../src/store/dispatch-store.js";
import type { Database, Row, Value } from "../../../src/store/knex/database.js";
import { knexDispatchStore } from "../../../src/store/knex/knex-dispatch-store.js";
import { knexRequestStore } from "../../../src/store/knex/knex-request-store.js";
import type { Accepted, RequestStore } from "../../../src/store/request-store.js";
import { takes } from "../../support/provider-rules.js";
import { openTestDatabase, type TestDatabase } from "../../support/stores.js";
import { acceptance, type Create } from "./creates.js";
import { completed } from "./results.js";
import { emptyTables, insertInventory, insertProviders } from "./seed.js";
import { faultsOfWork } from "./sound.js";

/** What the clock of the database says when a test begins. */
export const START = 1_800_000_000_000;
/** The process that plays the dispatcher; it holds the slots of the providers. */
export const INSTANCE = "instance-1";
export const LEASE_MS = 30_000;
/** Heads from which on a claim names its lanes together: tests have few cards. */
export const MANY = 2;
/** More session slots than a provider has. */
const SLOTS = 10;

export const RUN: ClaimRun = {
  id: "run-1",
  definition: "default",
  definitionVersion: 1,
  trigger: "SCHEDULE",
  startDate: START,
  fireDate: START,
};

/** The services that the providers know by code. */
export const SERVICES = { SPORT: "0012", MOVIES: "0013" };

const EVERYTHING = takes(Object.keys(COMMAND_TYPES).filter(isCommandType), SERVICES);

/** Stores over a database that holds an inventory, providers and nothing else, its clock by hand. */
export class StoreStage {
  #database: Database | undefined;
  #target: Awaited<ReturnType<TestDatabase["create"]>> | undefined;
  #requests: RequestStore | undefined;
  #dispatch: DispatchStore | undefined;
  #now = START;

  constructor(private readonly source: TestDatabase) {}

  get database(): Database {
    return present(this.#database);
  }

  get requests(): RequestStore {
    return present(this.#requests);
  }

  get dispatch(): DispatchStore {
    return present(this.#dispatch);
  }

  get url(): string {
    return present(this.#target).url;
  }

  get now(): number {
    return this.#now;
  }

  async open(): Promise<void> {
    this.#target = await this.source.create();
    this.#database = await this.openAnother();
  }

  /** A second instance's way into the same database; the caller closes it. */
  openAnother(): Promise<Database> {
    return openTestDatabase(present(this.#target), { ...systemClock, now: () => this.#now });
  }

  /** Empties the database and begins anew: cheaper than a database for each test. */
  async reset(): Promise<void> {
    await this.setClock(START);
    await this.database.write("import", async (tx) => {
      await emptyTables(tx);
      await insertProviders(tx);
      await insertInventory(tx);
    });
    this.#requests = knexRequestStore(this.database);
    this.#dispatch = knexDispatchStore(this.database, undefined, MANY);
    await this.dispatch.register(INSTANCE, "the test", LEASE_MS);
    await this.acquireSlots(INSTANCE, "alpha");
    await this.acquireSlots(INSTANCE, "beta");
  }

  async close(): Promise<void> {
    await this.#database?.close();
    const { url } = this.#target ?? { url: "" };
    if (!url.startsWith("sqlite:")) return;
    await rm(dirname(url.slice("sqlite:".length)), { recursive: true, force: true });
  }

  /** Sets the clock that counts: the process's, or the database's where instances share it. */
  async setClock(now: number): Promise<void> {
    this.#now = now;
    if (!this.database.dialect.capabilities.manyInstances) return;
    await this.execute(
      `CREATE OR REPLACE FUNCTION provisioning_now() RETURNS bigint LANGUAGE sql STABLE
       AS $$ SELECT CAST(${now} AS bigint) $$`,
    );
  }

  pass(ms: number): Promise<void> {
    return this.setClock(this.#now + ms);
  }

  /** Runs a statement beside the stores. */
  execute(sql: string, bindings: readonly Value[] = []): Promise<Row[]> {
    return this.database.write("create", (tx) => tx.all(sql, bindings));
  }

  /** Takes all slots of a provider that are free. */
  acquireSlots(incarnation: string, provider: string): Promise<readonly SessionSlot[]> {
    return this.dispatch.acquireSlots(incarnation, provider, 1, SLOTS, SLOTS);
  }

  /** Accepts a batch; lanes may be claimed within `places`, none by default. */
  accept(
    creates: readonly Create[],
    {
      places = {},
      pace,
      rules = EVERYTHING,
    }: { places?: Record<string, number>; pace?: Pace; rules?: ProviderRules } = {},
  ): Promise<Accepted[]> {
    return this.requests.accept(creates.map(acceptance), {
      rules,
      claim: {
        incarnation: INSTANCE,
        places: new Map(
          Object.entries(places).map(([name, count]) => [
            name,
            { count, maxInFlight: 10_000, inHand: 0, pace, providerVersion: 1 },
          ]),
        ),
      },
    });
  }

  /** Accepts creates none of which is refused or replayed. */
  async store(...creates: Create[]): Promise<ProvisioningRequest[]> {
    return (await this.accept(creates)).map((accepted) => stored(accepted).request);
  }

  /** The same for a single one. */
  async storeOne(create: Create): Promise<ProvisioningRequest> {
    return present((await this.store(create))[0]);
  }

  /** Claims for `alpha` as the dispatcher does, in a run and with places enough. */
  claim(options: Partial<ClaimOptions> = {}): Promise<Claimed> {
    return this.dispatch.claim({
      provider: "alpha",
      providerVersion: 1,
      incarnation: INSTANCE,
      limit: 1000,
      maxInFlight: 10_000,
      inHand: 0,
      ended: [],
      pace: undefined,
      run: RUN,
      ...options,
    });
  }

  async claimHeads(options: Partial<ClaimOptions> = {}): Promise<readonly ClaimedHead[]> {
    return (await this.claim(options)).heads;
  }

  /** Claims the only head that there is to claim. */
  async claimOne(options: Partial<ClaimOptions> = {}): Promise<ClaimedHead> {
    const heads = await this.claimHeads(options);
    expect(heads).to.have.lengthOf(1);
    return present(heads[0]);
  }

  async apply(...results: HeadResult[]): Promise<readonly boolean[]> {
    return (await this.dispatch.apply(INSTANCE, results)).applied;
  }

  async get(number: number): Promise<ProvisioningRequest> {
    return present(await this.requests.get({ by: "number", value: number }));
  }

  /** Numbers as they can be claimed one after the other, each finished before the next claim. */
  async drain(options: Partial<ClaimOptions> = {}): Promise<number[]> {
    const numbers: number[] = [];
    for (;;) {
      const heads = await this.claimHeads(options);
      if (heads.length === 0) return numbers;
      numbers.push(...heads.map((head) => head.number));
      expect(await this.apply(...heads.map((head) => completed(head)))).not.to.include(false);
    }
  }

  /** Holds what there is of work against the rules that always hold. */
  async expectSound(): Promise<void> {
    expect(await faultsOfWork(this.database.reader)).to.deep.equal([]);
  }

  /** That, and no work is left. */
  async expectNoWork(): Promise<void> {
    expect(await this.execute("SELECT number FROM waiting")).to.deep.equal([]);
    expect(await this.execute("SELECT head FROM lanes")).to.deep.equal([]);
  }
}

/** Sets a stage for each test of the surrounding suite; what it leaves must be sound. */
export function setStage(source: TestDatabase): StoreStage {
  const stage = new StoreStage(source);
  before(() => stage.open());
  beforeEach(() => stage.reset());
  afterEach(() => stage.expectSound());
  after(() => stage.close());
  return stage;
}

export function stored(accepted: Accepted | undefined): Extract<Accepted, { kind: "stored" }> {
  if (accepted?.kind !== "stored") throw new Error(`not stored: ${JSON.stringify(accepted)}`);
  return accepted;
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("expected a value");
  return value;
}
