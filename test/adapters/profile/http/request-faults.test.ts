import { expect } from "chai";
import { loadProfile } from "../../../../src/adapters/profile/load-profile.js";
import { counterDeskText, withBody } from "./counter-desk.js";

describe("profile http: requests that cannot be", () => {
  it("tell at load what is wrong with them", () => {
    const faultsOf = (change: (text: string) => string) =>
      loadProfile("p.yaml", change(counterDeskText())).faults?.map(
        ({ description }) => description,
      );
    const xmlFaults: readonly (readonly [string, string])[] = [
      ["<a><b></a>", "is no XML: </a> closes nothing"],
      ["<a>{#ca_id}<b>{/ca_id}</b></a>", "is no XML: </x> closes nothing"],
      ["<a>{#ca_id}<b/></a>", "{#ca_id} has no other end, or stands in another section"],
      ["<a>{#box}<b/>{/box}</a>", "there is no {#box} here"],
      ["<a>{item}</a>", "there is no {item} here"],
    ];
    for (const [xml, fault] of xmlFaults) {
      expect(faultsOf(withBody(`{ xml: '${xml}' }`)), xml).to.deep.equal([
        `requests.refresh.body.xml: ${fault}`,
      ]);
    }
    const choice = (when: string) => withBody(`{ json: { a: { $when: ${when}, $then: 1 } } }`);
    expect(faultsOf(choice("{ colour: red }"))).to.deep.equal([
      "requests.refresh.body.json.a.$when.colour: is no variable with one value",
      "commands.REAUTHORISE_ALL_SERVICES: refresh needs {colour}, which REAUTHORISE_ALL_SERVICES does not have",
    ]);
    expect(faultsOf(choice("red"))).to.deep.equal([
      "requests.refresh.body.json.a.$when: must be a mapping of placeholders to what they must be",
    ]);
    const settings = (text: string) =>
      text.replace(
        "user: { kind: text, max: 20 }",
        "user: { kind: text, max: 20, one_of: [a], optional: true, default: b }",
      );
    expect(faultsOf(settings)).to.deep.equal([
      "settings.user.optional: means nothing with a default",
      "settings.user.default: must be a",
    ]);
    expect(
      faultsOf((text) =>
        text
          .replace("X-Tenant:", "Host:")
          .replace("path: state", "path: a..b")
          .replace(
            "{ status: 401 }, outcome: unavailable",
            "{ state: 1, code: 1, message: refresh }, outcome: unavailable",
          )
          .replace('"{slot}"', '"{transaction}"'),
      ),
    ).to.include.members([
      "requests.hello.headers.Host: is written by the engine",
      "answer.fields.state: a..b is no path",
      "rules[2].when.code: is no field of refresh",
      "session.login.send: hello needs {transaction}, which only commands have",
    ]);
  });
});
