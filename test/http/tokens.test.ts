import { expect } from "chai";
import { saveUser } from "../../src/auth/save-user.js";
import { knexAccountStore } from "../../src/store/knex/accounts.js";
import {
  createParameters,
  LIST,
  LOG_IN,
  REAUTHORISE,
  RELEASE,
  SET_USER_PARAMETERS,
  SHOW,
  WebClient,
} from "../support/web-client.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

const CREDENTIALS = { username: "ann", password: "correct horse" };
const SECRET_PIN = "7391";

for (const database of ONE_OF_EACH) {
  describe(`tokens of the web API on ${database.title}`, () => {
    const worlds = useWorlds(database);

    const start = async (settings = {}) => {
      const world = await worlds.create({ settings: { AUTH: "token", ...settings } });
      const accounts = knexAccountStore(await world.database());
      await saveUser(accounts, CREDENTIALS.username, CREDENTIALS.password, false);
      await world.start();
      return { world, web: new WebClient(world.service.http) };
    };

    it("are given for a name and a password, whatever the organisation", async () => {
      const { web } = await start({ HTTP_TIME_ZONE: "Asia/Kathmandu" });
      const answer = await web.postForm(LOG_IN, { ...CREDENTIALS, organisation: "a", unit: "b" });
      expect(answer).to.include({ http: 200, code: "OK" });
      expect(answer.headers.get("cache-control")).to.equal("no-store");
      const left = Date.parse(`${answer.data.expire_date}+05:45`) - Date.now();
      expect(left / 60_000).to.be.within(118, 120);

      const wrong = await web.post(LOG_IN, { ...CREDENTIALS, password: "wrong" });
      expect(wrong).to.include({ http: 401, code: "CREDENTIALS_INVALID" });
      expect(wrong.headers.get("www-authenticate")).to.equal("Bearer");
      expect((await web.post(LOG_IN, {})).fields).to.deep.equal(["username", "password"]);
    });

    it("are taken from the body, the query and the header, and refused when released", async () => {
      const { web, world } = await start();
      const token = String((await web.post(LOG_IN, CREDENTIALS)).data.token);
      const authorization = `Bearer ${token}`;
      const body = JSON.stringify(createParameters(0));
      const json = { method: "POST", headers: { "content-type": "application/json" }, body };
      const withHeader = new WebClient(world.service.http, { authorization });
      for (const answer of [
        await web.post(REAUTHORISE, { token, ...createParameters(0) }),
        await web.postForm(RELEASE, { token: "x" }).then(() => web.get(LIST, { token })),
        await web.send(`${REAUTHORISE}?token=${token}`, json),
        await withHeader.post(REAUTHORISE, createParameters(0)),
        await withHeader.get(SHOW, { number: "1", token }),
      ]) {
        expect(answer.code).to.equal("OK");
      }
      expect((await web.post(RELEASE, { token })).body).to.deep.equal({
        status: { code: "OK", description: "", message: "" },
        data: {},
      });
      expect(await web.get(LIST, { token })).to.include({ http: 401, code: "TOKEN_INVALID" });
    });

    it("are looked at before the parameters, and told apart", async () => {
      const { web, world } = await start();
      expect(await web.post(REAUTHORISE, { colour: "red" })).to.include({
        http: 401,
        code: "TOKEN_MISSING",
      });
      expect(await web.post(REAUTHORISE, { token: "x", colour: "red" })).to.include({
        http: 401,
        code: "TOKEN_INVALID",
      });
      // The body may have held the token: that it cannot be read is the more helpful answer.
      expect(await web.postText(REAUTHORISE, '{"token":"x",}')).to.include({
        http: 400,
        code: "MALFORMED_MESSAGE",
      });
      for (const token of [7, {}, true]) {
        const answer = await web.post(REAUTHORISE, { token });
        expect(answer).to.include({ http: 400, code: "INVALID_REQUEST" });
        expect(answer.fields).to.deep.equal(["token"]);
      }
      const basic = new WebClient(world.service.http, { authorization: "Basic YTpi" });
      expect(await basic.get(LIST)).to.include({ http: 401, code: "TOKEN_MISSING" });
      const bearer = new WebClient(world.service.http, { authorization: "Bearer a" });
      expect((await bearer.get(LIST, { token: "b" })).fields).to.deep.equal(["token"]);
    });

    it("are in no log and no answer, and neither are PINs and passwords", async () => {
      const { web, world } = await start({ LOG_LEVEL: "trace" });
      const { data } = await web.post(LOG_IN, CREDENTIALS);
      const token = String(data.token);
      const seen: string[] = [];
      const see = async (answer: Promise<{ body: unknown }>) =>
        seen.push(JSON.stringify((await answer).body));
      await web.post(LOG_IN, { ...CREDENTIALS, password: "battery staple" });
      const set = (wanted: object) =>
        see(web.post(SET_USER_PARAMETERS, { token, ...createParameters(0, wanted) }));
      await set({ new_pin: SECRET_PIN });
      await set({ new_pin: `${SECRET_PIN}0` });
      await set({ new_pin: SECRET_PIN, reset_pin: true });
      await set({ new_pin: Number(SECRET_PIN) });
      await set({ new_pin: SECRET_PIN, colour: 1 });
      await see(web.get(SHOW, { token, number: "99", new_pin: SECRET_PIN }));
      await see(web.get("/nowhere", { token }));
      await see(web.get(LIST, { token, fields_set: "request,response,parameters" }));
      await see(web.postText(SET_USER_PARAMETERS, `{"token":"${token}","new_pin":"${SECRET_PIN}`));
      await see(web.get(LIST, { token: `${token}x` }));
      const all = [...seen, world.log].join("\n");
      expect(world.log).to.contain("GET /provisioning/provisioning_requests/show");
      for (const secret of [token, SECRET_PIN, CREDENTIALS.password, "battery staple"]) {
        expect(all).not.to.contain(secret);
      }
    });
  });
}
