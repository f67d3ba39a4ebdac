import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "chai";
import { saveUser } from "../../src/auth/save-user.js";
import { ENDPOINTS } from "../../src/http/endpoints/all.js";
import { knexAccountStore } from "../../src/store/knex/accounts.js";
import {
  createParameters,
  GET_PENDING,
  LIST,
  LOG_IN,
  REAUTHORISE,
  RELEASE,
  RESET,
  SEND_RESPONSE,
  SET_USER_PARAMETERS,
  SHOW,
  type WebAnswer,
  WebClient,
} from "../support/web-client.js";
import { OTHER_PROVIDER } from "../support/world/stock.js";
import { ONE_OF_EACH } from "../support/world/stocked-database.js";
import { useWorlds } from "../support/world/worlds.js";

type Document = Record<string, unknown> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
};

const CREDENTIALS = { username: "ann", password: "correct horse" };

/** Checks what goes over the wire against the document, by a validator of JSON Schema. */
class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
    this.#ajv.addSchema(document, "document");
  }

  answer(method: string, path: string, { http, body }: WebAnswer): void {
    const operation = `/paths/${escaped(path)}/${method}/responses/${http}`;
    // What is not of one call stands in the components.
    const place = http === 200 ? operation : `/components/responses/Error${http}`;
    expect(this.#at(operation), operation).to.not.equal(undefined);
    this.#check(`${place}/content/application~1json/schema`, body);
  }

  body(path: string, parameters: object): boolean {
    const place = `/paths/${escaped(path)}/post/requestBody/content/application~1json/schema`;
    return this.#validator(place)(parameters);
  }

  #check(place: string, value: unknown): void {
    const validate = this.#validator(place);
    const message = () => `${place}: ${JSON.stringify(validate.errors)} ${JSON.stringify(value)}`;
    expect(validate(value), validate.errors ? message() : place).to.equal(true);
  }

  #validator(place: string): ValidateFunction {
    const found = this.#ajv.getSchema(`document#${place}`);
    if (found === undefined) throw new Error(`the document has nothing at ${place}`);
    return found;
  }

  #at(place: string): unknown {
    let at: unknown = this.#document;
    for (const step of place.slice(1).split("/")) {
      at = (at as Record<string, unknown>)[step.replaceAll("~1", "/")];
    }
    return at;
  }
}

const escaped = (path: string) => path.replaceAll("/", "~1");

for (const database of ONE_OF_EACH.slice(0, 1)) {
  describe("the OpenAPI document", () => {
    const worlds = useWorlds(database);

    const start = async (prefix = "") => {
      const world = await worlds.create({
        settings: { AUTH: "token", HTTP_PREFIX: prefix },
        providers: [{}, { name: OTHER_PROVIDER, protocol: "pull" }],
      });
      const accounts = knexAccountStore(await world.database());
      await saveUser(accounts, CREDENTIALS.username, CREDENTIALS.password, false);
      await world.start();
      const address = world.service.http;
      const document = (await (
        await fetch(`http://${address}${prefix}/openapi.json`)
      ).json()) as Document;
      return { address, document, web: new WebClient(address) };
    };

    it("is one of OpenAPI 3.1, says a validator, and has every call", async () => {
      const { document } = await start("/crm/api");
      const validator = new Validator();
      const result = await validator.validate(structuredClone(document));
      expect(result.errors).to.equal(undefined);
      expect(result.valid).to.equal(true);
      expect(validator.version).to.equal("3.1");
      expect(document).to.deep.include({ servers: [{ url: "/crm/api" }] });
      const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(calls).to.have.members(ENDPOINTS.map(({ method, path }) => `${method} ${path}`));
    });

    it("describes the answers of every call, those that went well and those that did not", async () => {
      const { document, web } = await start();
      const contract = new Contract(document);
      const seen = new Set<string>();
      const post = async (path: string, parameters: object) => {
        const answer = await web.post(path, parameters);
        contract.answer("post", path, answer);
        seen.add(`${answer.http} ${path}`);
        return answer;
      };
      const get = async (path: string, parameters: Record<string, string>) => {
        const answer = await web.get(path, parameters);
        contract.answer("get", path, answer);
        seen.add(`${answer.http} ${path}`);
        return answer;
      };
      const token = String((await post(LOG_IN, CREDENTIALS)).data.token);
      await post(LOG_IN, {});
      await post(LOG_IN, { ...CREDENTIALS, password: "x" });
      for (const path of [REAUTHORISE, SET_USER_PARAMETERS]) {
        const own = path === REAUTHORISE ? {} : { new_pin: "4711" };
        for (const wanted of [
          { process_immediately: true },
          { scheduled_date: "2031-01-01T00:00:00", request_id: crypto.randomUUID() },
          { expire_date: "2031-01-01T00:00:00", caller_reference: "a", on_behalf_of: "b" },
          { priority: "EXPRESS", reason: "c" },
          { smartcard_identifier: { serial_number: "serial-card-2" } },
          { smartcard_identifier: { id: "foreign" } },
          { smartcard_identifier: { id: "nowhere" } },
          { colour: "red" },
        ]) {
          await post(path, { token, ...createParameters(1, { ...own, ...wanted }) });
        }
        await post(path, createParameters(1));
        contract.answer("post", path, await web.postText(path, "{"));
        contract.answer("post", path, await web.send(path));
        const large = `{"reason":"${"x".repeat(70_000)}"}`;
        contract.answer("post", path, await web.postText(path, large));
        const xml = { method: "POST", headers: { "content-type": "text/xml" }, body: "<a/>" };
        contract.answer("post", path, await web.send(path, xml));
      }
      await post(RESET, { token, subscription_identifier: { id: "sub-2" } });
      await post(RESET, { token, subscription_identifier: { id: "nowhere" } });
      for (let number = 1; number <= 10; number += 1)
        await get(SHOW, { token, number: String(number) });
      await get(SHOW, { token, number: "1", fields_set: "id,smartcard" });
      await get(SHOW, { token, number: "99" });
      await get(SHOW, { token });
      await post(REAUTHORISE, { token, ...createParameters("other-0") });
      await get(GET_PENDING, { token, provider: OTHER_PROVIDER });
      await get(GET_PENDING, { token, provider: "nobody" });
      const answers = [{ number: 99, result: "ACCEPTED" }, { id: "a" }];
      await post(SEND_RESPONSE, { token, provisioning_requests_set: answers });
      await post(SEND_RESPONSE, { token });
      await get(LIST, { token });
      await get(LIST, { token, fields_set: "request,response" });
      await get(LIST, { token, offset: "-1" });
      await get(LIST, {});
      await post(RELEASE, { token });
      await post(RELEASE, { token });
      for (const { path } of ENDPOINTS) expect([...seen]).to.include(`200 ${path}`);
      expect([...seen].filter((one) => one.startsWith("4"))).to.have.length.greaterThan(8);
    });

    it("takes the bodies that the server takes, and no others", async () => {
      const { document, web } = await start();
      const contract = new Contract(document);
      const token = String((await web.post(LOG_IN, CREDENTIALS)).data.token);
      for (const [wanted, right] of [
        [{}, true],
        [{ scheduled_date: null, request_id: null, smartcard_identifier: { id: "card-1" } }, true],
        [{ smartcard_identifier: { id: "card-1", serial_number: null } }, true],
        [{ priority: "EXPRESS", process_immediately: false }, true],
        [{ colour: "red" }, false],
        [{ priority: "HIGH" }, false],
        [{ process_immediately: "true" }, false],
        [{ smartcard_identifier: {} }, false],
        [{ smartcard_identifier: { ca_id: "1" } }, false],
        [{ smartcard_identifier: undefined }, false],
        [{ reason: 1 }, false],
      ] as const) {
        const parameters = JSON.parse(JSON.stringify({ token, ...createParameters(1, wanted) }));
        const title = JSON.stringify(wanted);
        expect(contract.body(REAUTHORISE, parameters), title).to.equal(right);
        expect((await web.post(REAUTHORISE, parameters)).http === 200, title).to.equal(right);
      }
    });

    it("is shown to people on a page that needs nothing else", async () => {
      const { address } = await start();
      const response = await fetch(`http://${address}/docs`);
      expect(response.headers.get("content-security-policy")).to.match(/^default-src 'none'/);
      const page = await response.text();
      for (const { path, parameters } of ENDPOINTS) {
        expect(page).to.contain(path);
        for (const name of Object.keys(parameters.shape)) expect(page).to.contain(name);
      }
      expect(page).not.to.match(/<script|https?:\/\//);
    });
  });
}
