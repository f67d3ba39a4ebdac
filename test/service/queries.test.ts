import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { shippedFile } from "../../src/adapters/profile/shipped-profiles.js";
import { CommandType } from "../../src/gen/provisioning/v1/command.js";
import { ProvisioningCalls } from "../support/provisioning-calls.js";
import { testFolder } from "../support/test-folder.js";
import { eventually } from "../support/world/eventually.js";
import { caIdOf } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const NOW = { processImmediately: true };
const OPEN = { startDate: undefined, endDate: undefined };

/** The reference profile, its query turned into one that asks for boxes. */
function pairingProfile(): string {
  const text = readFileSync(shippedFile("nds"), "utf8")
    .replace("GET_ACTIVE_SERVICES: GET_ACTIVE_SERVICES", "GET_PAIRING_STATUS: GET_ACTIVE_SERVICES")
    .replace("services: service_ca_id", "set_top_boxes: service_ca_id");
  const file = join(testFolder("profile"), "pairing.yaml");
  writeFileSync(file, text);
  return file;
}

for (const database of ONE_OF_EACH) {
  describe(`queries on ${database.title}`, () => {
    const worlds = useWorlds(database);

    async function start(options: Parameters<typeof worlds.start>[0] = {}) {
      const world = await worlds.start(options);
      return { world, api: world.api, ca: world.ca, calls: new ProvisioningCalls(world) };
    }

    it("tell a card's services by code, at once and for ever after", async () => {
      const { api, ca, calls } = await start();
      await calls.create("authoriseServices", 0, { services: ["NEWS", "SPORT"], ...OPEN }, NOW);
      const asked = await calls.create("getActiveServices", 0, {}, NOW);
      expect(asked.lifeCycleState).to.equal("LIFE_CYCLE_STATE_COMPLETED");
      expect(asked.answer?.answer).to.deep.equal({
        $case: "activeServices",
        value: {
          services: [
            { code: "NEWS", caId: "0014" },
            { code: "SPORT", caId: "0012" },
          ],
        },
      });
      expect(await api.get(asked.number)).to.deep.equal(asked);
      const types = [CommandType.COMMAND_TYPE_GET_ACTIVE_SERVICES];
      const [listed] = await api.all({ types });
      expect(listed?.answer).to.deep.equal(asked.answer);
      // A query has no effect.
      expect(ca.of("arrival").map(({ type }) => type)).to.include("GET_ACTIVE_SERVICES");
      expect(ca.of("effect").map(({ type }) => type)).to.deep.equal(["AUTHORISE_SERVICES"]);
    });

    it("tell a service by its CA id alone when its provider has no code for it", async () => {
      const { world, calls } = await start();
      await calls.create("authoriseServices", 0, { services: ["NEWS", "SPORT"], ...OPEN }, NOW);
      const store = await world.database();
      await store.write("import", (tx) =>
        tx.all(`UPDATE providers SET services = '{"SPORT":"0012"}', version = version + 1`),
      );
      const asked = await eventually(
        "an answer without a code",
        () => calls.create("getActiveServices", 0, {}, NOW),
        ({ answer }) => String(JSON.stringify(answer)).includes('"code":""'),
      );
      expect(asked.answer?.answer?.value).to.deep.equal({
        services: [
          { code: "", caId: "0014" },
          { code: "SPORT", caId: "0012" },
        ],
      });
    });

    it("tell that a card has no services", async () => {
      const { calls } = await start();
      const asked = await calls.create("getActiveServices", 5, {}, NOW);
      expect(asked.answer?.answer).to.deep.equal({
        $case: "activeServices",
        value: { services: [] },
      });
    });

    it("tell the boxes that a card is tied to, as the inventory knows them", async () => {
      const BOXES = { KNOWN: caIdOf(0), STRANGE: "999999999999" };
      const providers = [{ protocol: pairingProfile(), services: BOXES }];
      const { api, calls } = await start({ providers });
      const services = Object.keys(BOXES);
      await calls.create("authoriseServices", 0, { services, ...OPEN }, NOW);
      const asked = await calls.create("getPairingStatus", 0, {}, NOW);
      expect(asked.answer?.answer).to.deep.equal({
        $case: "pairingStatus",
        value: {
          setTopBoxes: [
            {
              id: "box",
              serialNumber: "serial-box",
              alternativeCode: "code-box",
              caId: caIdOf(0),
            },
            { id: "", serialNumber: "", alternativeCode: "", caId: "999999999999" },
          ],
        },
      });
      expect(await api.get(asked.number)).to.deep.equal(asked);
      const none = await calls.create("getPairingStatus", 1, {}, NOW);
      expect(none.answer?.answer).to.deep.equal({
        $case: "pairingStatus",
        value: { setTopBoxes: [] },
      });
    });

    it("are sent again until they are answered", async () => {
      const { api, ca, calls, world } = await start({
        simulator: { behaviour: { silentRate: 1 } },
        providers: [{ connection: { response_timeout_ms: 50 } }],
      });
      const asked = await calls.create("getActiveServices", 0, {});
      await ca.reaches(2, "arrival");
      world.simulator.change({ silentRate: 0 });
      expect((await api.ended(asked)).answer?.answer?.$case).to.equal("activeServices");
    });
  });
}
