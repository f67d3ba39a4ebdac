import { expect } from "chai";
import { type LosingRelay, losingRelay } from "../support/losing-relay.js";
import { DATABASES } from "../support/stores.js";
import { NEVER } from "../support/world/environment.js";
import { eventually, present } from "../support/world/eventually.js";
import { refuseWrites } from "../support/world/refuse-writes.js";
import { CARDS } from "../support/world/stock.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));

describe("a commit whose answer was lost, on PostgreSQL", () => {
  const worlds = useWorlds(POSTGRES);
  const relays: LosingRelay[] = [];

  afterEach(() => {
    for (const relay of relays.splice(0)) relay.close();
  });

  /** The database's URL, by a way that loses the answer to the commit after this statement. */
  async function losing(world: World, statement: string) {
    const url = new URL(world.databaseUrl);
    const relay = await losingRelay({ host: url.hostname, port: Number(url.port) }, statement);
    relays.push(relay);
    url.port = String(relay.port);
    return { relay, settings: { DATABASE_URL: url.href } };
  }

  it("leaves no session slot taken that nobody connects", async () => {
    const world = await worlds.create({ providers: [{ lifeCycleState: "NOT_EFFECTIVE" }] });
    const { relay, settings } = await losing(world, "UPDATE session_slots SET owner = $1, epoch");
    const api = await world.start(settings);
    await world.operator.setProvider("nds-main", "EFFECTIVE");
    await relay.lost;
    await world.connected();
    await api.ended(await api.create(0));
  });

  it("leaves no card in the hands of a late answer that never came to count", async () => {
    const world = await worlds.create({
      providers: [{ connection: { response_timeout_ms: 400 } }],
      simulator: { behaviour: { latencyMs: 900 } },
      // The whole pause: sent again before the answer, the command would have an answer in time.
      random: () => 1,
    });
    const { relay, settings } = await losing(
      world,
      "UPDATE lanes SET owner = $1, held_by = $2, claim_number = claim_number + 1",
    );
    const api = await world.start({ ...settings, BACKOFF_BASE_MS: 3000, BACKOFF_MAX_MS: 3000 });
    await world.connected();
    const request = await api.create(0);
    await relay.lost;
    world.simulator.change({ latencyMs: 0 });
    await api.ended(request);
    expect(world.ca.count("effect")).to.equal(1);
  });

  it("keeps no claimed card from whoever cancels, though its CA system is gone too", async () => {
    const world = await worlds.create();
    const { relay, settings } = await losing(
      world,
      "UPDATE lanes SET owner = $1, held_by = $2, claim_number = lanes.claim_number + 1",
    );
    const api = await world.start({ ...settings, HEARTBEAT_MS: 5000 });
    await world.connected();
    const request = await api.create(0);
    await relay.lost;
    await world.caDown();
    await api.until(
      request,
      "it to be nobody's",
      ({ lifeCycleState }) => lifeCycleState === "LIFE_CYCLE_STATE_PENDING",
    );
    expect((await api.cancel(request.number)).lifeCycleState).to.equal(
      "LIFE_CYCLE_STATE_CANCELLED",
    );
  });

  it("keeps none of many claimed cards, and sends each once", async () => {
    const world = await worlds.create({
      // Room for all of them in one claim.
      providers: [{ connection: { window: CARDS } }],
      runDefinitions: [{ name: "default", cron: NEVER, wake: false }],
    });
    const { relay, settings } = await losing(
      world,
      "UPDATE lanes SET owner = $1, claim_number = lanes.claim_number + 1",
    );
    const api = await world.start(settings);
    await world.connected();
    const cards = Array.from({ length: CARDS }, (_, card) => card);
    const requests = await api.createInOrder(...cards);
    await api.startRun();
    await relay.lost;
    for (const request of requests) await api.ended(request);
    expect(world.ca.count("effect")).to.equal(CARDS);
  });

  it("keeps none of the cards that went on with it, and sends each request once, in order", async () => {
    const world = await worlds.create({
      providers: [{ connection: { window: CARDS } }],
      runDefinitions: [{ name: "default", cron: NEVER, wake: false }],
    });
    const { relay, settings } = await losing(world, "CASE WHEN f.sequence_number IS NOT NULL");
    const api = await world.start(settings);
    await world.connected();
    const cards = [0, 1, 2, 0, 1, 2, 0, 1, 2];
    const requests = await api.createInOrder(...cards);
    await api.startRun();
    await relay.lost;
    const ended = [];
    for (const request of requests) ended.push(await api.ended(request));
    expect(world.ca.count("effect")).to.equal(cards.length);
    for (const card of [0, 1, 2]) {
      const sequence = ended
        .filter((_, i) => cards[i] === card)
        .map(({ sequenceNumber }) => Number(sequenceNumber));
      expect(sequence).to.deep.equal(sequence.toSorted((one, other) => one - other));
    }
  });

  it("keeps no card for good, though it came through long after it was given up", async () => {
    const world = await worlds.create({
      runDefinitions: [{ name: "default", cron: NEVER, wake: false }],
    });
    const api = await world.start();
    await world.connected();
    const request = await api.create(0);
    const { write } = await world.database();
    await write("create", async (tx) =>
      tx.run("UPDATE lanes SET owner = i.id, held_by = i.id FROM incarnations i"),
    );
    await api.until(
      request,
      "it to be nobody's",
      ({ lifeCycleState }) => lifeCycleState === "LIFE_CYCLE_STATE_PENDING",
    );
    await api.startRun();
    await api.ended(request);
    expect(world.ca.count("effect")).to.equal(1);
  });
});

describe("session slots, while what becomes of them cannot be written, on PostgreSQL", () => {
  const worlds = useWorlds(POSTGRES);

  /** Refuses changes of slots after which `when` holds; resolves with what ends that. */
  const refuse = async (world: World, when: string) =>
    refuseWrites(await world.database(), {
      event: "UPDATE",
      table: "session_slots",
      when,
      text: "no room",
      code: "53100",
    });

  const slotsOf = async (world: World) =>
    (await world.database()).reader.all<{ owner: string | null; state: string }>(
      "SELECT owner, state FROM session_slots ORDER BY slot",
    );

  it("are all connected once they can be given back", async () => {
    const world = await worlds.create({ providers: [{ connection: { connections: 2 } }] });
    const first = await world.spawn();
    await world.connected();
    const allow = await refuse(world, "NEW.owner IS NULL");
    await world.spawn();
    await eventually(
      "a session closed for the other instance",
      async () => world.simulator.sessions,
      (sessions) => sessions === 1,
    );
    await allow();
    await eventually(
      "a session in each instance",
      () => slotsOf(world),
      (slots) =>
        slots.every(({ state }) => state === "OPEN") &&
        new Set(slots.map(({ owner }) => owner)).size === 2,
    );
    expect(world.simulator.sessions).to.equal(2);
    await first.api.ended(await first.api.create(0));
  });

  it("are told as open once that can be told, so that calls elsewhere wait", async () => {
    const world = await worlds.create({ simulator: { behaviour: { latencyMs: 200 } } });
    const allow = await refuse(world, "NEW.state = 'OPEN'");
    await world.spawn();
    await eventually(
      "a session",
      async () => world.simulator.sessions,
      (sessions) => sessions === 1,
    );
    await allow();
    await world.connected();
    const elsewhere = await world.spawn();
    const { lifeCycleState } = await elsewhere.api.create(1, { processImmediately: true });
    expect(lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
  });
});
