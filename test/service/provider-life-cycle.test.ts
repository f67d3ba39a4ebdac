import { expect } from "chai";
import { failureOf } from "../support/rpc-client.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import type { World } from "../support/world/world.js";
import { useWorlds } from "../support/world/worlds.js";

/** What the call that sets it will do: a new version, which instances notice. */
async function setState(world: World, state: "EFFECTIVE" | "NOT_EFFECTIVE"): Promise<void> {
  const database = await world.database();
  await database.write("create", (tx) =>
    tx.all("UPDATE providers SET life_cycle_state = ?, version = version + 1 WHERE name = ?", [
      state,
      PROVIDER,
    ]),
  );
}

for (const database of ONE_OF_EACH) {
  describe(`a provider's life cycle state on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("NOT_EFFECTIVE from the start: creates are refused and no session is opened", async () => {
      const { api, ca } = await worlds.start({
        providers: [{ lifeCycleState: "NOT_EFFECTIVE" }],
      });
      expect(await failureOf(api.reauthorise(0))).to.include({
        code: "FAILED_PRECONDITION",
        reason: "PROVIDER_NOT_EFFECTIVE",
      });
      expect(ca.count("session")).to.equal(0);
    });

    it("NOT_EFFECTIVE later: what is stored waits and says so, until it is EFFECTIVE again", async () => {
      const world = await worlds.start();
      const request = await world.api.create(0, { scheduled: Date.now() + 250 });
      await setState(world, "NOT_EFFECTIVE");
      await world.api.until(
        request,
        "waiting for its provider",
        ({ waitingFor }) => waitingFor === "WAITING_FOR_PROVIDER_NOT_EFFECTIVE",
      );
      expect((await failureOf(world.api.reauthorise(0))).reason).to.equal("PROVIDER_NOT_EFFECTIVE");
      expect(world.ca.count("arrival")).to.equal(0);
      await setState(world, "EFFECTIVE");
      expect((await world.api.ended(request)).lifeCycleState).to.equal(
        "LIFE_CYCLE_STATE_COMPLETED",
      );
      expect(world.ca.count("effect")).to.equal(1);
    });

    it("an operator's NOT_EFFECTIVE survives a restart with a file that says EFFECTIVE", async () => {
      const world = await worlds.start();
      await setState(world, "NOT_EFFECTIVE");
      await world.stop();
      await world.start();
      expect((await failureOf(world.api.reauthorise(0))).reason).to.equal("PROVIDER_NOT_EFFECTIVE");
    });
  });
}
