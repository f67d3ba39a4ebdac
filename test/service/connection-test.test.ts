import { createServer } from "node:net";
import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { eventually } from "../support/world/eventually.js";
import { useCaSystems } from "../support/world/second-ca.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`TestProviderConnection on ${database.title}`, () => {
    const worlds = useWorlds(database);
    const startCa = useCaSystems();

    it("opens a session with settings of the call, and closes it", async () => {
      const { simulator, ca, connection } = await startCa({ password: "secret" });
      const { operator } = await worlds.start({ providers: [] });
      const tried = await operator.testConnection({ protocol: "nds", connection });
      expect(tried.outcome).to.equal("OUTCOME_CONNECTED");
      expect(tried.description).to.match(
        /^As slot 0 with epoch 0, in \d+ ms: the CA system opened a session and gave a sign of life\. /,
      );
      expect(Number(tried.duration?.seconds)).to.equal(0);
      expect(ca.count("session")).to.equal(1);
      expect(simulator.sessions).to.equal(0);
      expect((await operator.listProviders()).providers).to.deep.equal([]);
    });

    it("says what the CA system answered to a wrong password, or that nobody is there", async () => {
      const { connection } = await startCa({ password: "secret" });
      const { operator } = await worlds.start({ providers: [] });
      const wrong = await operator.testConnection({
        protocol: "nds",
        connection: { ...connection, password: "guess" },
      });
      expect(wrong.outcome).to.equal("OUTCOME_FAILED");
      expect(wrong.description).to.contain("unknown source_id or password");
      expect(wrong.description).not.to.contain("guess");
      const nobody = await operator.testConnection({
        protocol: "nds",
        connection: { ...connection, port: 1 },
      });
      expect(nobody.outcome).to.equal("OUTCOME_FAILED");
      expect(nobody.description).to.contain("ECONNREFUSED");
    });

    it("refuses settings that cannot be, and a call without any", async () => {
      const { operator } = await worlds.start({ providers: [] });
      const wrong = operator.testConnection({
        protocol: "nds",
        connection: { host: "h", port: 0 },
      });
      expect((await failureOf(wrong)).message)
        .to.contain("connection.port: must be a whole number")
        .and.to.contain("connection.password: is mandatory");
      expect((await failureOf(operator.testConnection({}))).message)
        .to.contain("protocol: is mandatory without a name")
        .and.to.contain("connection: is mandatory without a name");
    });

    it("answers before its caller's deadline when the CA system is silent", async () => {
      const silent = createServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const address = silent.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      try {
        const { operator } = await worlds.start({ providers: [] });
        const connection = { host: "127.0.0.1", port, source_id: 7, password: "secret" };
        const tried = await operator.testConnection({ protocol: "nds", connection }, 2000);
        expect(tried.outcome).to.equal("OUTCOME_FAILED");
        expect(tried.description).to.match(/It was given up after \d+ ms\.$/);
      } finally {
        silent.close();
      }
    });

    it("takes a slot of its own while the provider is not effective", async () => {
      const world = await worlds.start({ providers: [{ lifeCycleState: "NOT_EFFECTIVE" }] });
      const { operator, ca } = world;
      const tried = await operator.testConnection({ name: PROVIDER });
      expect(tried.outcome).to.equal("OUTCOME_CONNECTED");
      expect(tried.description).to.contain("As slot 0 with epoch 1");
      const { sessionSlots } = await operator.status(PROVIDER);
      expect(sessionSlots[0]).to.include({ state: "STATE_FREE", epoch: 1n });
      await operator.setProvider(PROVIDER, "EFFECTIVE");
      await ca.reaches(2, "session");
      expect(await world.api.ended(await world.api.create(0))).to.include({ attempts: 1 });
    });

    it("does not disturb the sessions of a provider that sends, and says what it cannot tell", async () => {
      const { operator, api, ca, simulator } = await worlds.start();
      await api.ended(await api.create(0));
      const tried = await operator.testConnection({ name: PROVIDER });
      expect(tried.outcome).to.equal("OUTCOME_CONNECTED");
      expect(tried.description)
        .to.contain("Session slot 0 has been connected with these settings since")
        .and.to.contain("Nothing more was opened");
      const { connection = {} } = await operator.provider(PROVIDER);
      const other = await operator.testConnection({
        name: PROVIDER,
        connection: { ...connection, window: 3 },
      });
      expect(other.outcome).to.equal("OUTCOME_UNDECIDED");
      expect(other.description)
        .to.contain("slot is held with a higher epoch")
        .and.to.contain("asked for with epoch 0");
      expect(simulator.sessions).to.equal(1);
      expect(ca.count("session")).to.equal(1);
      await api.ended(await api.create(0));
      const { sessionSlots } = await operator.status(PROVIDER);
      expect(sessionSlots[0]).to.include({ state: "STATE_CONNECTED", epoch: 1n });
    });

    it("tries other settings of a provider that sends, with the secrets that it has", async () => {
      const next = await startCa({ password: "secret" });
      const { operator, ca } = await worlds.start();
      const { host, port } = next.connection;
      const moved = { host, port, source_id: 7 };
      const tried = await operator.testConnection({ name: PROVIDER, connection: moved });
      expect(tried.outcome).to.equal("OUTCOME_CONNECTED");
      const wrong = await operator.testConnection({
        name: PROVIDER,
        connection: { ...moved, password: "guess" },
      });
      expect(wrong.outcome).to.equal("OUTCOME_UNDECIDED");
      expect(wrong.description).to.contain("unknown source_id or password");
      const down = await operator.testConnection({
        name: PROVIDER,
        connection: { ...moved, port: 1 },
      });
      expect(down.outcome).to.equal("OUTCOME_FAILED");
      expect(ca.count("session")).to.equal(1);
      expect((await operator.provider(PROVIDER)).version).to.equal(1n);
    });

    it("takes the place of a session that is down without standing in its way", async () => {
      const world = await worlds.start();
      await world.caDown();
      await eventually(
        "the loss of the session",
        () => world.operator.status(PROVIDER),
        ({ sessionSlots }) => sessionSlots[0]?.state === "STATE_DISCONNECTED",
      );
      await world.caUp();
      const tried = await world.operator.testConnection({ name: PROVIDER });
      // By now the service may have its session again; in both cases it keeps it.
      expect(tried.outcome, tried.description).to.be.oneOf([
        "OUTCOME_CONNECTED",
        "OUTCOME_UNDECIDED",
      ]);
      await world.api.ended(await world.api.create(0));
    });
  });
}
