import { expect } from "chai";
import { drained, faultsOf } from "../support/crash/audit.js";
import { Load } from "../support/crash/load.js";
import { Round } from "../support/crash/round.js";
import { DATABASES } from "../support/stores.js";
import { eventually } from "../support/world/eventually.js";
import { useWorlds } from "../support/world/worlds.js";

const SHORT_LEASE = { LEASE_MS: 700, HEARTBEAT_MS: 150 };

/** What many instances share; SQLite has one. */
for (const database of DATABASES.filter(({ title }) => title === "PostgreSQL")) {
  describe(`an instance that freezes, with another on the same ${database.title}`, function () {
    this.timeout(120_000);
    const worlds = useWorlds(database);

    it("is replaced after its lease, sends nothing when it wakes, and serves on", async () => {
      const world = await worlds.create({
        settings: SHORT_LEASE,
        simulator: { behaviour: { latencyMs: 20 } },
        // Heads are claimed ahead of their sending: the frozen one holds some.
        providers: [{ connection: { window: 2 }, limits: { max_in_flight: 50 } }],
      });
      const frozen = await world.spawn();
      await world.ca.reaches(1, "session");
      const other = await world.spawn();
      let turn = 0;
      const callers = [frozen, other];
      const load = new Load({
        // The frozen one is not asked: its callers would have gone elsewhere.
        api: () => {
          turn += 1;
          return (callers[turn % callers.length] ?? other).api;
        },
        seed: 5,
        cards: 8,
        callers: 8,
        deadlineMs: 1000,
      });
      load.start();
      await world.ca.reaches(30, "effect");
      callers.shift();
      frozen.signal("SIGSTOP");
      await world.ca.reaches(2, "session");
      await world.ca.reaches(world.ca.count("effect") + 30, "effect");
      frozen.signal("SIGCONT");
      callers.unshift(frozen);
      await load.stop();
      const requests = await drained(other.api);
      expect(faultsOf(load.orders, requests, world.ca)).to.deep.equal([]);
      const late = await frozen.api.create(0);
      expect((await frozen.api.ended(late)).lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
    });

    it("among three, two times killed and two times frozen under load: nothing is lost or overtaken", async () => {
      const round = await Round.play({ seed: 3, kills: 4, instances: 3 }, worlds.create);
      expect(round.faults).to.deep.equal([]);
      const signals = round.strikes.filter(({ on }) => on !== "start").map(({ signal }) => signal);
      expect(signals).to.deep.equal(["SIGSTOP", "SIGKILL", "SIGSTOP", "SIGKILL"]);
    });

    it("hands its work over at once when it stops in good order", async () => {
      const world = await worlds.create({ settings: { LEASE_MS: 30_000, HEARTBEAT_MS: 200 } });
      const first = await world.spawn();
      await world.ca.reaches(1, "session");
      const second = await world.spawn();
      first.signal("SIGTERM");
      expect(await first.exited()).to.equal(0);
      await world.ca.reaches(2, "session");
      await second.api.ended(await second.api.create(0));
      const incarnations = async () => {
        const { reader } = await world.database();
        return reader.all("SELECT id FROM incarnations");
      };
      await eventually("one incarnation", incarnations, (rows) => rows.length === 1);
    });
  });
}
