import { expect } from "chai";
import {
  createParameters,
  GET_PENDING,
  REAUTHORISE,
  SEND_RESPONSE,
  SET_USER_PARAMETERS,
  SHOW,
  WebClient,
} from "../support/web-client.js";
import { PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

type Pending = Readonly<Record<string, unknown>>[];

for (const database of ONE_OF_EACH) {
  describe(`fetching requests over HTTP on ${database.title}`, () => {
    const worlds = useWorlds(database);

    const start = async () => {
      const world = await worlds.start({ providers: [{ protocol: "pull" }] });
      const web = new WebClient(world.service.http);
      const pending = async (parameters: Record<string, string> = {}) => {
        const { data } = await web.get(GET_PENDING, { provider: PROVIDER, ...parameters });
        return { requests: data.provisioning_requests as Pending, data };
      };
      return { world, web, pending };
    };

    it("leases them, with all that is needed, whatever the offset", async () => {
      const { web, pending } = await start();
      await web.post(SET_USER_PARAMETERS, createParameters(0, { new_pin: "0471" }));
      for (let card = 1; card < 4; card += 1) await web.post(REAUTHORISE, createParameters(card));
      const first = await pending({ number_of_results: "2", lease_duration: "3600" });
      expect(first.requests[0]).to.deep.include({
        number: 1,
        type: "SET_USER_PARAMETERS",
        pin: "0471",
        transaction_number: 1,
        handed_out_before: false,
        parameters: { set_user_parameters: { pin_operation: "SET" } },
      });
      expect(first.requests.map(({ number }) => number)).to.deep.equal([1, 2]);
      expect(first.data.lease_id).to.match(/^pull\/local\//);
      const second = await pending({ offset: "2" });
      expect(second.requests.map(({ number }) => number)).to.deep.equal([3, 4]);
      expect((await pending()).data).to.deep.equal({ provisioning_requests: [] });
    });

    it("keeps what became of them, and gives back what it could not", async () => {
      const { web, pending } = await start();
      for (let card = 0; card < 3; card += 1) await web.post(REAUTHORISE, createParameters(card));
      await pending({ number_of_results: "2" });
      const answers = {
        provisioning_requests_set: [
          { number: 1, result: "ACCEPTED", reference_number: "X1" },
          { number: 2, result: "REJECTED", error_code: "7", error_description: "no such card" },
          { number: 3, result: "ACCEPTED" },
          { number: 9, result: "ACCEPTED" },
          { number: 1, result: "REJECTED" },
          { id: "a", number: 1 },
        ],
      };
      const { data } = await web.post(SEND_RESPONSE, answers);
      const failed = data.failed_provisioning_requests_set as Pending;
      expect(
        failed.map(({ index, number, error_code }) => [index, number, error_code]),
      ).to.deep.equal([
        [2, 3, "STATE_NOT_ALLOWED"],
        [3, 9, "PROVISIONING_REQUEST_NOT_FOUND"],
        [4, 1, "INVALID_REQUEST"],
        [5, 1, "INVALID_REQUEST"],
      ]);
      expect(failed[2]?.error_description).to.equal("error_code: is mandatory with REJECTED");
      const state = async (number: number) =>
        (await web.get(SHOW, { number: String(number) })).data;
      expect(await state(1)).to.include({ life_cycle_state: "COMPLETED", reference_number: "X1" });
      expect(await state(2)).to.include({
        life_cycle_state: "REJECTED",
        error_code: "7",
        error_description: "no such card",
      });
      const again = { provisioning_requests_set: answers.provisioning_requests_set.slice(0, 2) };
      expect((await web.post(SEND_RESPONSE, again)).data).to.deep.equal({
        failed_provisioning_requests_set: [],
      });
    });

    it("refuses calls that are wrong, and a HEAD, which would lose what it leases", async () => {
      const { world, web } = await start();
      expect((await web.get(GET_PENDING)).fields).to.deep.equal(["provider"]);
      expect(await web.get(GET_PENDING, { provider: "nobody" })).to.include({
        http: 404,
        code: "PROVIDER_NOT_FOUND",
      });
      expect(world.log).to.contain("PROVIDER_NOT_FOUND").and.not.contain("nobody");
      const wrong = { provider: PROVIDER, number_of_results: "-1", lease_duration: "0" };
      expect((await web.get(GET_PENDING, wrong)).fields).to.deep.equal([
        "number_of_results",
        "lease_duration",
      ]);
      expect((await web.post(SEND_RESPONSE, {})).fields).to.deep.equal([
        "provisioning_requests_set",
      ]);
      const unknown = { provisioning_requests_set: [{ number: 1, colour: "red" }] };
      expect((await web.post(SEND_RESPONSE, unknown)).fields).to.deep.equal([
        "provisioning_requests_set[0].colour",
      ]);
    });
  });
}
