import { expect } from "chai";
import { saveUser } from "../../src/auth/save-user.js";
import { knexAccountStore } from "../../src/store/knex/accounts.js";
import { createParameters, LOG_IN, REAUTHORISE, SHOW, WebClient } from "../support/web-client.js";
import { eventually } from "../support/world/eventually.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const HOUR_MS = 3_600_000;
const inAnHour = () => new Date(Date.now() + HOUR_MS).toISOString().slice(0, 19);

for (const database of ONE_OF_EACH) {
  describe(`the page of reauthorise_all_services, row by row, on ${database.title}`, () => {
    const worlds = useWorlds(database);

    const start = async (options: Parameters<typeof worlds.start>[0] = {}) => {
      const world = await worlds.start(options);
      return { ca: world.ca, web: new WebClient(world.service.http) };
    };

    const ended = (web: WebClient, number: unknown) =>
      eventually(
        `request ${number} to end`,
        () => web.get(SHOW, { number: String(number) }),
        ({ data }) => data.life_cycle_state === "COMPLETED",
      );

    it("creates a request in a pending state", async () => {
      const { web } = await start();
      const answer = await web.post(REAUTHORISE, createParameters(0));
      expect(answer).to.include({ http: 200, code: "OK", description: "", message: "" });
      expect(answer.data).to.include({
        number: 1,
        type: "REAUTHORISE_ALL_SERVICES",
        life_cycle_state: "PENDING",
        process_immediately: false,
        provider: "nds-main",
        created_by: "local",
        replayed: false,
      });
      await ended(web, 1);
    });

    it("token: the token retrieved from the login method", async () => {
      const world = await worlds.create({ settings: { AUTH: "token" } });
      await saveUser(knexAccountStore(await world.database()), "ann", "correct horse", false);
      await world.start();
      const web = new WebClient(world.service.http);
      const login = { username: "ann", password: "correct horse", organisation: "any" };
      const { token } = (await web.post(LOG_IN, login)).data;
      const answer = await web.post(REAUTHORISE, { token, ...createParameters(0) });
      expect(answer.data).to.include({ life_cycle_state: "PENDING", created_by: "ann" });
      expect(await web.post(REAUTHORISE, createParameters(0))).to.include({
        http: 401,
        code: "TOKEN_MISSING",
      });
    });

    it("subscription_identifier: by id or by number, which is mandatory and exactly one", async () => {
      const { web } = await start();
      for (const subscription_identifier of [{ id: "sub-1" }, { number: "S-1" }]) {
        const { data } = await web.post(
          REAUTHORISE,
          createParameters(1, { subscription_identifier }),
        );
        expect(data.subscription).to.deep.equal({ id: "sub-1", number: "S-1" });
      }
      for (const subscription_identifier of [undefined, null, {}, { id: "sub-1", number: "S-1" }]) {
        const answer = await web.post(
          REAUTHORISE,
          createParameters(1, { subscription_identifier }),
        );
        expect(answer).to.include({ http: 400, code: "INVALID_REQUEST" });
        expect(answer.fields).to.deep.equal(["subscription_identifier"]);
      }
    });

    it("smartcard_identifier: by id, serial number or alternative code, exactly one", async () => {
      const { web } = await start();
      const names = [
        { id: "card-2" },
        { serial_number: "serial-card-2" },
        { alternative_code: "code-card-2" },
      ];
      for (const smartcard_identifier of names) {
        const { data } = await web.post(REAUTHORISE, createParameters(2, { smartcard_identifier }));
        expect(data.smartcard).to.deep.equal({
          id: "card-2",
          serial_number: "serial-card-2",
          alternative_code: "code-card-2",
          ca_id: "100000000002",
        });
      }
      const wrong = [undefined, {}, { ...names[0], ...names[1] }, { ...names[1], ...names[2] }];
      for (const smartcard_identifier of wrong) {
        const answer = await web.post(REAUTHORISE, createParameters(2, { smartcard_identifier }));
        expect(answer).to.include({ http: 400, code: "INVALID_REQUEST" });
        expect(answer.fields).to.deep.equal(["smartcard_identifier"]);
      }
    });

    it("the subscription that the smartcard should belong to: it must", async () => {
      const { web } = await start();
      expect(await web.post(REAUTHORISE, createParameters("foreign"))).to.include({
        http: 409,
        code: "SMARTCARD_NOT_OF_SUBSCRIPTION",
      });
      expect(await web.post(REAUTHORISE, createParameters("nowhere"))).to.include({
        http: 404,
        code: "SMARTCARD_NOT_FOUND",
        message: "smartcard_identifier.id: no smartcard has this id",
      });
    });

    it("process_immediately: sent during its creation", async () => {
      const { web, ca } = await start();
      const { data } = await web.post(
        REAUTHORISE,
        createParameters(3, { process_immediately: true }),
      );
      expect(data).to.include({
        life_cycle_state: "COMPLETED",
        reference_number: "R7-1",
        process_name: "PROCESS_IMMEDIATELY",
      });
      expect(ca.count("effect")).to.equal(1);
    });

    it("process_immediately: answered with what stands when the CA system is down", async () => {
      const { web } = await start({ caUp: false });
      const answer = await web.post(
        REAUTHORISE,
        createParameters(3, { process_immediately: true }),
      );
      expect(answer.http).to.equal(200);
      expect(answer.data).to.include({
        life_cycle_state: "PENDING",
        waiting_for: "PROVIDER_UNAVAILABLE",
      });
    });

    it("process_immediately not enabled, or not specified: processed by the active run", async () => {
      const { web } = await start();
      for (const wanted of [{}, { process_immediately: false }]) {
        const { data } = await web.post(REAUTHORISE, createParameters(4, wanted));
        expect(data.life_cycle_state).to.equal("PENDING");
        const { process_name } = (await ended(web, data.number)).data;
        expect(process_name).to.equal("default");
      }
    });

    it("scheduled_date: not processed before, in the configured time zone", async () => {
      const { web, ca } = await start();
      const scheduled_date = inAnHour();
      const { data } = await web.post(REAUTHORISE, createParameters(5, { scheduled_date }));
      expect(data).to.include({
        life_cycle_state: "PENDING",
        scheduled_date,
        waiting_for: "SCHEDULED_DATE",
      });
      expect(ca.count("arrival")).to.equal(0);
    });

    it("scheduled_date and process_immediately: refused, since the page is silent", async () => {
      const { web } = await start();
      const wanted = { process_immediately: true, scheduled_date: inAnHour() };
      const answer = await web.post(REAUTHORISE, createParameters(5, wanted));
      expect(answer).to.include({ http: 400, code: "INVALID_REQUEST" });
      expect(answer.fields).to.deep.equal(["process_immediately"]);
    });

    it("takes the parameters of a form as well", async () => {
      const { web } = await start();
      for (const yes of ["true", "1"]) {
        const { data } = await web.postForm(REAUTHORISE, {
          "subscription_identifier[number]": "S-1",
          "smartcard_identifier[alternative_code]": "code-card-6",
          process_immediately: yes,
        });
        expect(data.life_cycle_state).to.equal("COMPLETED");
      }
      const answer = await web.postForm(REAUTHORISE, {
        "subscription_identifier[number]": "S-1",
        "smartcard_identifier[id]": "card-6",
        process_immediately: "yes",
      });
      expect(answer).to.include({
        http: 400,
        message: "process_immediately: must be true or false",
      });
    });

    it("repeats a call with its request_id without a second request", async () => {
      const { web } = await start();
      const wanted = { request_id: "0190a000-0000-7000-8000-000000000001" };
      const first = await web.post(REAUTHORISE, createParameters(7, wanted));
      const second = await web.post(REAUTHORISE, createParameters(7, wanted));
      expect(second.data).to.include({ number: first.data.number, replayed: true });
      expect(await web.post(REAUTHORISE, createParameters(8, wanted))).to.include({
        http: 409,
        code: "REQUEST_ID_REUSED",
      });
    });
  });
}
