import { expect } from "chai";
import {
  createParameters,
  LIST,
  REAUTHORISE,
  SET_USER_PARAMETERS,
  SHOW,
  WebClient,
} from "../support/web-client.js";
import { eventually } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

type Requests = readonly Record<string, unknown>[];

for (const database of ONE_OF_EACH) {
  describe(`looking at requests over HTTP on ${database.title}`, () => {
    const worlds = useWorlds(database);
    const list = async (web: WebClient, parameters: Record<string, string> = {}) => {
      const { data } = await web.get(LIST, parameters);
      return { requests: data.provisioning_requests as Requests, more: data.more };
    };

    it("shows one by id or number, with the wire texts, or the fields that are chosen", async () => {
      const world = await worlds.start();
      const web = new WebClient(world.service.http);
      const made = await web.post(
        SET_USER_PARAMETERS,
        createParameters(0, { new_pin: "4711", process_immediately: true }),
      );
      const byId = await web.get(SHOW, { id: String(made.data.id).toUpperCase() });
      const byNumber = await web.get(SHOW, { number: "1" });
      expect(byId.data).to.deep.equal(byNumber.data);
      const { replayed, ...request } = made.data;
      expect(byId.data).to.deep.equal(request);
      expect(byId.data).to.deep.include({
        request:
          "SET_USER_PARAMETERS transaction=1 smartcard_ca_id=100000000000 pin_operation=2 pin=****",
        parameters: { set_user_parameters: { pin_operation: "SET" } },
      });
      const chosen = await web.get(SHOW, { number: "1", fields_set: "life_cycle_state,smartcard" });
      expect(chosen.data).to.have.all.keys("life_cycle_state", "smartcard");
      expect(await web.get(SHOW, { number: "2" })).to.include({
        http: 404,
        code: "PROVISIONING_REQUEST_NOT_FOUND",
      });
      expect(await web.get(SHOW, { id: "nobody" })).to.include({ http: 404 });
    });

    it("lists page by page, by offset", async () => {
      const world = await worlds.start();
      const web = new WebClient(world.service.http);
      for (let card = 0; card < 5; card += 1) await web.post(REAUTHORISE, createParameters(card));
      const page = async (offset: number, oldest: boolean) => {
        const { requests, more } = await list(web, {
          number_of_results: "2",
          offset: String(offset),
          oldest_first: String(oldest),
          fields_set: "number",
        });
        return [requests.map(({ number }) => number), more];
      };
      expect(await page(0, false)).to.deep.equal([[5, 4], true]);
      expect(await page(2, false)).to.deep.equal([[3, 2], true]);
      expect(await page(4, false)).to.deep.equal([[1], false]);
      expect(await page(3, true)).to.deep.equal([[4, 5], false]);
      expect(await page(9, true)).to.deep.equal([[], false]);
    });

    it("lists by any of its conditions", async () => {
      const world = await worlds.start({ caUp: false });
      const web = new WebClient(world.service.http);
      const far = "2031-01-01T00:00:00";
      await web.post(REAUTHORISE, createParameters(0, { caller_reference: "order 1" }));
      await web.post(REAUTHORISE, createParameters(1, { scheduled_date: far }));
      await web.post(SET_USER_PARAMETERS, createParameters(2, { reset_pin: true }));
      const numbers = async (parameters: Record<string, string>) =>
        (await list(web, parameters)).requests.map(({ number }) => number);
      expect(await numbers({ caller_reference: "order 1" })).to.deep.equal([1]);
      expect(await numbers({ types: "SET_USER_PARAMETERS" })).to.deep.equal([3]);
      expect(
        await numbers({ types: "SET_USER_PARAMETERS,REAUTHORISE_ALL_SERVICES" }),
      ).to.deep.equal([3, 2, 1]);
      expect(
        await numbers({ "smartcard_identifier[serial_number]": "serial-card-1" }),
      ).to.deep.equal([2]);
      expect(await numbers({ "subscription_identifier[number]": "S-2" })).to.deep.equal([]);
      expect(await numbers({ created_before: "2020-01-01T00:00:00" })).to.deep.equal([]);
      expect(await numbers({ created_from: "2020-01-01T00:00:00Z" })).to.deep.equal([3, 2, 1]);
      expect(await numbers({ life_cycle_states: "COMPLETED" })).to.deep.equal([]);
      expect(await numbers({ provider: "nds-main", created_by: "local" })).to.have.lengthOf(3);
    });

    it("lists the wire texts only when they are asked for", async () => {
      const world = await worlds.start();
      const web = new WebClient(world.service.http);
      await web.post(REAUTHORISE, createParameters(0, { process_immediately: true }));
      const [plain] = (await list(web)).requests;
      expect(plain).not.to.have.any.keys("request", "response");
      const [full] = (await list(web, { fields_set: "number,response" })).requests;
      expect(full).to.deep.equal({
        number: 1,
        response: "COMMAND_ACCEPTED transaction=1 reference_number=R7-1",
      });
    });

    it("writes and reads dates by the configured time zone, below the configured prefix", async () => {
      const world = await worlds.create({ caUp: false });
      await world.start({ HTTP_TIME_ZONE: "Europe/Nicosia", HTTP_PREFIX: "/crm/api" });
      const web = new WebClient(world.service.http);
      const path = `/crm/api${REAUTHORISE}`;
      const made = await web.post(
        path,
        createParameters(0, { scheduled_date: "2030-07-01T10:00:00" }),
      );
      expect(made.data.scheduled_date).to.equal("2030-07-01T10:00:00");
      const { scheduledDate } = await world.api.get(1n);
      expect(Number(scheduledDate?.seconds)).to.equal(Date.parse("2030-07-01T07:00:00Z") / 1000);
      const skipped = await web.post(
        path,
        createParameters(0, { scheduled_date: "2030-03-31T03:30:00" }),
      );
      expect(skipped).to.include({
        http: 400,
        message: "scheduled_date: is skipped by the clocks of the time zone",
      });
      expect((await web.send(REAUTHORISE)).http).to.equal(404);
      expect((await fetch(`http://${world.service.http}/livez`)).status).to.equal(200);
      await eventually(
        "readiness",
        () => fetch(`http://${world.service.http}/readyz`),
        (r) => r.ok,
      );
    });
  });
}
