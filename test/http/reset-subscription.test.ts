import { expect } from "chai";
import { createParameters, RESET, WebClient } from "../support/web-client.js";
import { OTHER_PROVIDER, PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

for (const database of ONE_OF_EACH) {
  describe(`resetting a subscription over HTTP on ${database.title}`, () => {
    const worlds = useWorlds(database);

    it("makes a request for each card, all or none, and makes them once", async () => {
      const world = await worlds.start({
        providers: [{ name: PROVIDER }, { name: OTHER_PROVIDER }],
        caUp: false,
      });
      const web = new WebClient(world.service.http);
      const wanted = {
        subscription_identifier: { number: "S-1" },
        request_id: "0190a000-0000-7000-8000-000000000001",
        caller_reference: "drift 7",
      };
      const first = await web.post(RESET, wanted);
      const requests = first.data.provisioning_requests as { number: number }[];
      expect(requests).to.have.lengthOf(28);
      expect(first.data.replayed).to.equal(false);
      expect(requests[0]).to.include({
        type: "REAUTHORISE_ALL_SERVICES",
        caller_reference: "drift 7",
        created_by: "local",
      });
      const again = await web.post(RESET, wanted);
      expect(again.data.replayed).to.equal(true);
      const numbers = (again.data.provisioning_requests as typeof requests).map(
        ({ number }) => number,
      );
      expect(numbers).to.deep.equal(requests.map(({ number }) => number));
    });

    it("refuses what is wrong, by the parameter's name", async () => {
      const world = await worlds.start({ caUp: false });
      const web = new WebClient(world.service.http);
      expect((await web.post(RESET, {})).fields).to.deep.equal(["subscription_identifier"]);
      const card = await web.post(RESET, createParameters(0));
      expect(card.fields).to.deep.equal(["smartcard_identifier"]);
      expect(await web.post(RESET, { subscription_identifier: { id: "nowhere" } })).to.include({
        http: 404,
        code: "SUBSCRIPTION_NOT_FOUND",
      });
      // Its other provider is not there: then none of its cards is reset.
      expect(await web.post(RESET, { subscription_identifier: { id: "sub-1" } })).to.include({
        http: 409,
        code: "PROVIDER_NOT_EFFECTIVE",
      });
    });
  });
}
