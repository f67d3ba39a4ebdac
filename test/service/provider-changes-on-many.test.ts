import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { DATABASES } from "../support/stores.js";
import { Api } from "../support/world/api.js";
import { NEVER } from "../support/world/environment.js";
import { eventually, present } from "../support/world/eventually.js";
import { Operator } from "../support/world/operator.js";
import { type SecondCa, useCaSystems } from "../support/world/second-ca.js";
import { CARDS, PROVIDER } from "../support/world/stock.js";
import { useWorlds } from "../support/world/worlds.js";

const POSTGRES = present(DATABASES.find(({ title }) => title === "PostgreSQL"));

/** Long: what the tests see comes by notices, and by looking once a second. */
const SETTINGS = { HEARTBEAT_MS: 5000, LEASE_MS: 30_000 };

describe("providers and run definitions changed by call, with two instances on PostgreSQL", () => {
  const worlds = useWorlds(POSTGRES);
  const startCa = useCaSystems();
  const operators: Operator[] = [];

  afterEach(() => {
    for (const operator of operators.splice(0)) operator.close();
  });

  /** Two instances, each with half of the connections of the provider. */
  async function two(
    ca: SecondCa,
    connections = 2,
    runDefinitions?: readonly Readonly<Record<string, unknown>>[],
  ) {
    const world = await worlds.start({
      providers: [],
      settings: SETTINGS,
      ...(runDefinitions !== undefined && { runDefinitions }),
    });
    const other = await world.spawn();
    const operator = new Operator(other.grpc);
    operators.push(operator);
    await world.operator.createProvider({
      name: PROVIDER,
      protocol: "nds",
      connection: { ...ca.connection, connections },
    });
    await held(world.operator);
    return { world, here: world.operator, there: operator, other };
  }

  /** Resolves when each instance has a session; what the slots are then. */
  function held(operator: Operator) {
    return eventually(
      "a session in each instance",
      () => operator.status(PROVIDER),
      ({ sessionSlots }) =>
        sessionSlots.every(({ state }) => state === "STATE_CONNECTED") &&
        new Set(sessionSlots.map(({ holder }) => holder)).size === 2,
    );
  }

  it("tell the same of a provider, whichever is asked", async () => {
    const { here, there } = await two(await startCa());
    const [a, b] = await Promise.all([here.getProvider(PROVIDER), there.getProvider(PROVIDER)]);
    expect({ ...a, status: { ...a.status, answersPerSecond: 0 } }).to.deep.equal({
      ...b,
      status: { ...b.status, answersPerSecond: 0 },
    });
  });

  it("stop sending in both, and go on in both", async () => {
    const ca = await startCa({ behaviour: { latencyMs: 10 } });
    const { world, here, there, other } = await two(ca);
    const api = Api.ofAll([world.service.grpc, other.grpc]);
    try {
      const requests = await Promise.all(
        Array.from({ length: 10 * CARDS }, (_, i) => api.create(i % CARDS)),
      );
      await ca.ca.reaches(10, "effect");
      await there.setProvider(PROVIDER, "NOT_EFFECTIVE");
      await eventually(
        "slots that nobody holds",
        () => here.status(PROVIDER),
        ({ sessionSlots }) => sessionSlots.every(({ state }) => state === "STATE_FREE"),
      );
      expect(ca.ca.count("effect")).to.be.below(requests.length);
      expect((await failureOf(world.api.reauthorise(0))).reason).to.equal("PROVIDER_NOT_EFFECTIVE");
      await here.setProvider(PROVIDER, "EFFECTIVE");
      await api.allEnded(requests);
      expect(ca.ca.count("effect")).to.equal(requests.length);
      expect(ca.ca.count("arrival")).to.equal(requests.length);
    } finally {
      api.close();
    }
  });

  it("share what is left when the provider gets fewer connections", async () => {
    const { here, there } = await two(await startCa(), 8);
    await there.updateProvider(PROVIDER, {
      mask: ["connection.connections"],
      connection: { connections: 2 },
    });
    await eventually(
      "two slots only",
      () => here.status(PROVIDER),
      ({ sessionSlots }) => sessionSlots.length === 2,
    );
    await held(here);
  });

  it("move to another address under load, losing nothing and doubling nothing", async () => {
    const old = await startCa({ behaviour: { latencyMs: 5 } });
    const next = await startCa({ behaviour: { latencyMs: 5 } });
    const { world, there, other } = await two(old);
    const api = Api.ofAll([world.service.grpc, other.grpc]);
    try {
      let stop = false;
      let made = 0;
      const creating = (async () => {
        for (; !stop; made += 1) await api.create(made % CARDS);
      })();
      await old.ca.reaches(60, "effect");
      await there.updateProvider(PROVIDER, {
        mask: ["connection.host", "connection.port"],
        connection: { ...next.connection },
      });
      await next.ca.reaches(60, "effect");
      stop = true;
      await creating;
      await api.allEnded(await api.all());
      const effects = [...old.ca.of("effect"), ...next.ca.of("effect")].map(({ txn }) => txn);
      expect(effects).to.have.lengthOf(made);
      expect(new Set(effects).size).to.equal(made);
      const last = new Map(old.ca.of("effect").map(({ card, txn }) => [card, txn ?? 0]));
      for (const { card, txn } of next.ca.of("effect")) {
        expect(txn).to.be.greaterThan(last.get(card) ?? 0);
      }
      await held(there);
    } finally {
      api.close();
    }
  });

  it("take over limits and commands in the instance that was not asked", async () => {
    const ca = await startCa();
    const { world, there, here } = await two(ca);
    await there.updateProvider(PROVIDER, { mask: ["commands"], commands: { types: [] } });
    await eventually(
      "creates refused by the other instance",
      async () =>
        world.api.reauthorise(0).then(
          () => "",
          async (error: unknown) => (await failureOf(Promise.reject(error))).reason,
        ),
      (reason) => reason === "COMMAND_NOT_SUPPORTED",
    );
    const { sessionSlots } = await here.status(PROVIDER);
    expect(sessionSlots.map(({ epoch }) => Number(epoch)).sort()).to.deep.equal(
      (await held(there)).sessionSlots.map(({ epoch }) => Number(epoch)).sort(),
    );
  });

  it("start the runs of a definition that the other instance was told of", async () => {
    const ca = await startCa();
    // From the start: of a change by call the instance that was not asked hears a moment later.
    const off = { name: "default", cron: NEVER, life_cycle_state: "NOT_EFFECTIVE" };
    const { world, there } = await two(ca, 2, [off]);
    const waiting = await world.api.create(0);
    await world.api.until(
      waiting,
      "waiting for a run",
      ({ waitingFor }) => waitingFor === "WAITING_FOR_RUN",
    );
    await there.createRunDefinition({ name: "by-call", cron: NEVER, providers: [PROVIDER] });
    expect(await world.api.ended(waiting)).to.include({ processName: "by-call" });
  });
});
